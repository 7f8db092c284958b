import { assert, assertAlmostEquals, assertEquals, assertLess } from "@std/assert";
import type { Label } from "../../../../data/labels.ts";
import { randomFrom } from "../../../../data/random.ts";
import { compareFigures } from "../../../../pipeline/compared/compare_figures.ts";
import type { RunFigures } from "../../../../pipeline/compared/run_figures.ts";

const random = () => randomFrom(0, "a comparison");

function figures(
  validation: readonly (readonly [id: string, label: Label, pDog: number])[],
  test: readonly (readonly [id: string, pDog: number])[],
): RunFigures {
  return {
    classifier: "second fit",
    estimates: undefined,
    setAside: validation.length,
    clip: 0.005,
    validation: validation.map(([id, label, pDog]) => ({ id, label, pDog })),
    test: test.map(([id, pDog]) => ({ id, pDog })),
  };
}

Deno.test("what changed is told of the photos of both, each by the label that it has now", () => {
  const before = figures(
    [["a", "cat", 0.8], ["b", "dog", 0.9], ["gone", "dog", 0.9]],
    [["1", 0.1], ["2", 0.9], ["3", 0.5], ["4", 0.6]],
  );
  const after = figures(
    [["a", "dog", 0.9], ["b", "dog", 0.4], ["new", "cat", 0.1]],
    [["1", 0.7], ["2", 0.9], ["3", 0.6], ["5", 0.1]],
  );
  const { shared, sides, submission, setAside } = compareFigures(before, after, random());
  const loss = (...pDog: number[]) => -pDog.reduce((sum, p) => sum + Math.log(p), 0) / pDog.length;
  assertEquals([shared?.photos, setAside], [2, { before: 3, after: 3 }]);
  assertAlmostEquals(shared?.logLossChange.value ?? NaN, loss(0.9, 0.4) - loss(0.8, 0.9), 1e-12);
  assertEquals(sides, [
    { set: "test", id: "1", before: 0.1, after: 0.7 },
    { set: "train", id: "b", label: "dog", before: 0.9, after: 0.4 },
    { set: "test", id: "3", before: 0.5, after: 0.6 },
  ]);
  assertEquals(submission, {
    photos: 4,
    changed: 2,
    largest: [{ id: "1", before: 0.1, after: 0.7 }, { id: "3", before: 0.5, after: 0.6 }],
  });
});

Deno.test("a change that all photos share has a narrow interval, though their losses differ widely", () => {
  const draw = randomFrom(1, "photos");
  const pDogs = Array.from({ length: 200 }, () => 0.05 + 0.85 * draw());
  const before = figures(pDogs.map((p, k) => [`${k}`, "dog", p]), []);
  const after = figures(pDogs.map((p, k) => [`${k}`, "dog", p * 1.1]), []);
  const change = compareFigures(before, after, random()).shared?.logLossChange;
  assert(change);
  assertAlmostEquals(change.value, -Math.log(1.1), 1e-9);
  assertLess(change.high - change.low, 1e-9);
});

Deno.test("a change that the submission's clip hides is none of the submission", () => {
  const { submission } = compareFigures(figures([], [["1", 0.999]]), figures([], [["1", 0.9999]]), random());
  assertEquals(submission.changed, 0);
});

Deno.test("nothing in common is no comparison, and the same figures are no change", () => {
  const one = figures([["a", "cat", 0.8]], [["1", 0.3]]);
  assertEquals(compareFigures(one, figures([["b", "cat", 0.8]], []), random()).shared, undefined);
  const { shared, sides, submission } = compareFigures(one, one, random());
  assertEquals(shared?.logLossChange, { value: 0, low: 0, high: 0 });
  assertEquals([sides, submission.changed], [[], 0]);
});
