import { assert, assertEquals, assertNotEquals, assertRejects, assertThrows } from "@std/assert";
import { type Tensor, tensor } from "../../../../model/tensor.ts";
import { fitLinearProbe, outOfFoldLogits } from "../../../../model/linear/fit_linear_probe.ts";
import { type LinearProbe, linearProbeLogits, linearProbeParts } from "../../../../model/linear/linear_probe.ts";
import { fitLogisticRegressions } from "../../../../model/linear/regression/logistic_regression.ts";
import { assertEachWithin, randomProblem, rowsAt } from "./random_problem.ts";

const PROBE: LinearProbe = { groups: [{ name: "wide", width: 6 }, { name: "narrow", width: 4 }], hellinger: true };
const OPTIONS = { l2: 1e-3, regressions: "one a group" } as const;
const { rows: features, labels } = randomProblem(60, 10);
const folds = Uint8Array.from(labels, (_, row) => row % 5);

/** The features with some photos' rows replaced. */
function replaced({ shape, data }: Tensor, photos: readonly number[], value: (column: number) => number): Tensor {
  const copy = data.slice();
  for (const photo of photos) {
    for (let column = 0; column < shape[1]; column++) copy[photo * shape[1] + column] = value(column);
  }
  return tensor(shape, copy);
}

Deno.test("fitLinearProbe() gives each group a weight and a bias", async () => {
  const state = await fitLinearProbe(features, PROBE, labels, OPTIONS);
  assertEquals(
    [...state].map(([name, { shape }]) => [name, ...shape]),
    [["wide.weight", 6], ["wide.bias", 1], ["narrow.weight", 4], ["narrow.bias", 1]],
  );
});

Deno.test("linearProbeParts() sum to the logit, whichever way the probe was fitted and normalises", async () => {
  for (const hellinger of [true, false]) {
    for (const regressions of ["one a group", "one for all"] as const) {
      const probe = { ...PROBE, hellinger };
      const state = await fitLinearProbe(features, probe, labels, { ...OPTIONS, regressions });
      const logits = linearProbeLogits(features, probe, state);
      const sums = Array.from(labels, (_, row) => {
        const { groups, rest } = linearProbeParts(rowsAt(features, [row]), probe, state);
        assertEquals(groups.map(({ name, parts }) => [name, parts.length]), [["wide", 6], ["narrow", 4]]);
        return groups.flatMap(({ parts }) => [...parts]).reduce((sum, part) => sum + part, rest);
      });
      assertEachWithin(sums, logits, 1e-9);
    }
  }
});

Deno.test("linearProbeLogits() is the mean of the groups' matmuls with Hellinger-normalised rows of length 1", () => {
  const photo = tensor([1, 10], Float32Array.of(1, 4, 4, 0, 0, 7, 9, 16, 0, 0));
  const state = new Map([
    ["wide.weight", tensor([6], Float32Array.of(1, 2, 3, 4, 5, 6))],
    ["wide.bias", tensor([1], Float32Array.of(0.5))],
    ["narrow.weight", tensor([4], Float32Array.of(-1, 1, 1, 1))],
    ["narrow.bias", tensor([1], Float32Array.of(-2))],
  ]);
  const wide = (1 * 1 + 2 * 2 + 2 * 3 + 6 * Math.sqrt(7)) / Math.sqrt(16) + 0.5;
  const narrow = (-3 + 4) / 5 - 2;
  assertEachWithin(linearProbeLogits(photo, PROBE, state), [(wide + narrow) / 2], 1e-6);
});

Deno.test("linearProbeLogits() gives a photo without features the mean bias, and takes values just below 0 for 0", async () => {
  const state = await fitLinearProbe(features, PROBE, labels, OPTIONS);
  const bias = ((state.get("wide.bias")?.data[0] ?? NaN) + (state.get("narrow.bias")?.data[0] ?? NaN)) / 2;
  const photos = tensor([2, 10], new Float32Array(20).fill(-1e-7, 10));
  assertEachWithin(linearProbeLogits(photos, PROBE, state), [bias, bias], 1e-12);
});

Deno.test("linearProbeLogits() does not depend on how strong a photo's features are as a whole", async () => {
  const state = await fitLinearProbe(features, PROBE, labels, OPTIONS);
  const stronger = tensor(features.shape, features.data.map((value) => 1000 * value));
  assertEachWithin(linearProbeLogits(stronger, PROBE, state), linearProbeLogits(features, PROBE, state), 1e-5);
});

Deno.test("linearProbeLogits() takes features as they are where the probe wants no Hellinger normalisation", () => {
  const photo = tensor([1, 2], Float32Array.of(3, 4));
  const probe = { groups: [{ name: "only", width: 2 }], hellinger: false };
  const state = new Map([
    ["only.weight", tensor([2], Float32Array.of(10, 100))],
    ["only.bias", tensor([1], Float32Array.of(1))],
  ]);
  assertEachWithin(linearProbeLogits(photo, probe, state), [10 * 3 / 5 + 100 * 4 / 5 + 1], 1e-5);
});

Deno.test("fitLinearProbe() can fit one regression to all groups: each row of length 1, the L2 on its weight", async () => {
  const options = { l2: 1e-2, regressions: "one for all" } as const;
  const state = await fitLinearProbe(features, PROBE, labels, options);
  const rows = features.data.slice();
  for (const photo of labels.keys()) {
    for (const [start, end] of [[0, 6], [6, 10]]) {
      const group = rows.subarray(photo * 10 + start, photo * 10 + end);
      const sum = group.reduce((total, value) => total + Math.max(value, 0), 0);
      group.forEach((value, j) => group[j] = sum > 0 ? Math.sqrt(Math.max(value, 0) / (2 * sum)) : 0);
    }
  }
  const everyRow = new Uint8Array(labels.length).fill(1);
  const [expected] = await fitLogisticRegressions(tensor(features.shape, rows), labels, [everyRow], 1e-2);
  assertEachWithin(linearProbeLogits(features, PROBE, state), expected.logits, 1e-3);
});

for (const regressions of ["one a group", "one for all"] as const) {
  Deno.test(`outOfFoldLogits() predicts as probes do that were fitted to the other folds, ${regressions}`, async () => {
    const options = { ...OPTIONS, regressions };
    const logits = await outOfFoldLogits(features, PROBE, labels, folds, options);
    const others = [...labels.keys()].filter((photo) => folds[photo] !== 1);
    const state = await fitLinearProbe(
      rowsAt(features, others),
      PROBE,
      Uint8Array.from(others, (photo) => labels[photo]),
      options,
    );
    const expected = linearProbeLogits(features, PROBE, state);
    const held = [...labels.keys()].filter((photo) => folds[photo] === 1);
    assertEachWithin(held.map((photo) => logits[photo]), held.map((photo) => expected[photo]), 1e-4);
  });
}

Deno.test("outOfFoldLogits() pauses while it fits, tells of fitted groups, and ends with what a pause throws", async () => {
  const told: number[] = [];
  let pauses = 0;
  const pause = () => Promise.resolve(void pauses++);
  await outOfFoldLogits(features, PROBE, labels, folds, {
    ...OPTIONS,
    pause,
    fitted: (groups) => void told.push(groups),
  });
  assertEquals(told, [1, 1]);
  assert(pauses > told.length, `${pauses} pauses`);
  const stop = () => Promise.reject(new Error("stopped"));
  await assertRejects(
    () => outOfFoldLogits(features, PROBE, labels, folds, { ...OPTIONS, pause: stop }),
    Error,
    "stopped",
  );
});

Deno.test("fitLinearProbe() and linearProbeLogits() tell most photos' labels", async () => {
  const whole = { ...PROBE, groups: [{ name: "whole", width: 10 }] };
  const logits = linearProbeLogits(features, whole, await fitLinearProbe(features, whole, labels, OPTIONS));
  const right = labels.filter((label, photo) => logits[photo] > 0 === (label === 1)).length;
  assert(right >= 0.85 * labels.length, `${right} of ${labels.length}`);
});

Deno.test("outOfFoldLogits() never predicts a photo by its own fold: absurd features change other folds only", async () => {
  const before = await outOfFoldLogits(features, PROBE, labels, folds, OPTIONS);
  const absurd = replaced(features, [0, 5, 10, 15], (column) => column % 2 === 0 ? 1e6 : 0);
  const after = await outOfFoldLogits(absurd, PROBE, labels, folds, OPTIONS);
  for (const photo of labels.keys()) {
    if (folds[photo] !== 0) assertNotEquals(after[photo], before[photo], `photo ${photo}`);
    else if (photo > 15) assertEquals(after[photo], before[photo], `photo ${photo}`);
  }
});

Deno.test("outOfFoldLogits() never predicts a photo by its own label", async () => {
  const flipped = labels.map((label, photo) => folds[photo] === 2 ? 1 - label : label);
  const before = await outOfFoldLogits(features, PROBE, labels, folds, OPTIONS);
  const after = await outOfFoldLogits(features, PROBE, flipped, folds, OPTIONS);
  for (const photo of labels.keys()) assertEquals(after[photo] === before[photo], folds[photo] === 2, `photo ${photo}`);
});

Deno.test("the linear probe says what does not fit together", async () => {
  await assertRejects(
    () => fitLinearProbe(features, { ...PROBE, groups: [{ name: "wide", width: 6 }] }, labels, OPTIONS),
    RangeError,
    "Cannot read feature groups: expected [n, 6], got [60,10]",
  );
  assertThrows(
    () => linearProbeLogits(features, PROBE, new Map()),
    RangeError,
    "Cannot predict: expected wide.weight of [6], got none",
  );
  await assertRejects(
    () => outOfFoldLogits(features, PROBE, labels, folds.slice(1), OPTIONS),
    RangeError,
    "Cannot predict out of fold: expected 60 fold numbers, got 59",
  );
});
