import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import fc from "fast-check";
import { lineSearch, type LossAlongLine } from "../../../../../model/linear/regression/line_search.ts";

/** The loss itself, up to what does not depend on the distance. */
function lossAt(loss: LossAlongLine, distance: number): number {
  let [sum, count] = [0, 0];
  for (const [row, label] of loss.labels.entries()) {
    if (!loss.subset[row]) continue;
    const logit = loss.logits[row] + distance * loss.slopes[row];
    const excess = label === 1 ? -logit : logit;
    sum += Math.max(excess, 0) + Math.log1p(Math.exp(-Math.abs(excess)));
    count++;
  }
  return sum / count + distance * loss.l2Slope + distance ** 2 * loss.l2Curvature / 2;
}

const row = fc.record({
  logit: fc.double({ min: -30, max: 30, noNaN: true }),
  slope: fc.double({ min: -100, max: 100, noNaN: true }),
  label: fc.constantFrom(0, 1),
});

const losses = fc.record({
  rows: fc.array(row, { minLength: 1, maxLength: 8 }),
  l2Slope: fc.double({ min: -1, max: 0, noNaN: true }),
  l2Curvature: fc.double({ min: 1e-4, max: 10, noNaN: true }),
}).map(({ rows, ...l2Term }): LossAlongLine => ({
  logits: Float64Array.from(rows, ({ logit }) => logit),
  slopes: Float64Array.from(rows, ({ slope }) => slope),
  labels: Uint8Array.from(rows, ({ label }) => label),
  subset: new Uint8Array(rows.length).fill(1),
  ...l2Term,
}));

Deno.test("lineSearch() finds a place that nothing near undercuts, however steep the loss", () => {
  fc.assert(fc.property(losses, (loss) => {
    const distance = lineSearch(loss);
    const lowest = lossAt(loss, distance);
    // It stops where the derivative is a millionth of what it was at the start, which is no more than this.
    const steepest = Math.max(...loss.slopes.map(Math.abs)) + Math.abs(loss.l2Slope);
    for (const other of [0, 0.5, 0.9, 0.99, 1.01, 1.1, 2].map((factor) => factor * distance)) {
      assert(
        lowest <= lossAt(loss, other) + 1e-6 * steepest * Math.abs(distance - other) + 1e-12 * (1 + Math.abs(lowest)),
        `${other} is lower than ${distance}`,
      );
    }
  }));
});

// Newton's method jumped between 0 and 30,000 here, around a minimum at .4.
Deno.test("lineSearch() finds a kink between two flat parts", () => {
  const loss: LossAlongLine = {
    logits: Float64Array.of(14.720306684693071, 0),
    slopes: Float64Array.of(-65.31272285483143, 0),
    labels: Uint8Array.of(0, 0),
    subset: Uint8Array.of(1, 1),
    l2Slope: 0,
    l2Curvature: 0.00019034986540739617,
  };
  const distance = lineSearch(loss);
  const slope = (lossAt(loss, distance + 1e-6) - lossAt(loss, distance - 1e-6)) / 2e-6;
  assertAlmostEquals(slope, 0, 1e-4);
});

Deno.test("lineSearch() stays where the loss does not fall", () => {
  const uphill: LossAlongLine = {
    logits: Float64Array.of(1),
    slopes: Float64Array.of(-1),
    labels: Uint8Array.of(1),
    subset: Uint8Array.of(1),
    l2Slope: 0,
    l2Curvature: 1,
  };
  assertEquals(lineSearch(uphill), 0);
});
