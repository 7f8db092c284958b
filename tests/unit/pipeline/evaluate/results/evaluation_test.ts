import { assert, assertAlmostEquals, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import fc from "fast-check";
import { randomFrom } from "../../../../../data/random.ts";
import { Evaluation, evaluationOf } from "../../../../../pipeline/evaluate/results/evaluation.ts";
import { estimatesOf, measuresOf } from "../../../../../pipeline/evaluate/results/measures.ts";
import { evaluationTables } from "../../../../../pipeline/evaluate/results/tables.ts";
import type { LabelledId } from "../../../../../pipeline/photos/photo.ts";
import { RECIPES } from "../../../../../pipeline/settings/recipes.ts";

const PHOTOS: LabelledId[] = [
  { id: "cat.1.jpg", label: "cat" },
  { id: "cat.2.jpg", label: "cat" },
  { id: "cat.3.jpg", label: "cat" },
  { id: "dog.1.jpg", label: "dog" },
  { id: "dog.2.jpg", label: "dog" },
  { id: "dog.3.jpg", label: "dog" },
];
const P_DOG = [0.1, 0.999, 0.2, 0.9, 0.8, 0.3];
const TIERS = new Map([["cat.2.jpg", "wrong_label"], ["dog.3.jpg", "hard_but_valid"]]);

function evaluation(name = "blocks", tiers: ReadonlyMap<string, string> | undefined = undefined): Evaluation {
  const ids = PHOTOS.map(({ id }) => id);
  return evaluationOf(
    {
      name,
      recipe: RECIPES["linear-probe"],
      seed: 3,
      folds: 2,
      clip: 0.005,
      weights: "mini",
      backend: "onnx",
      device: "the CPU",
    },
    { photos: PHOTOS, folds: Uint8Array.of(0, 1, 0, 0, 1, 1) },
    P_DOG,
    tiers && {
      known: { source: "photos/manifest.csv", tiers },
      rankings: [{ name: "as listed", ids }, { name: "backwards", ids: ids.toReversed() }],
    },
    () => randomFrom(3, "bootstrap"),
  );
}

Deno.test("measuresOf() clips one log loss and keeps the other finite", () => {
  const { logLoss, clippedLogLoss, areaUnderRocCurve } = measuresOf([{ label: "cat", pDog: 1 }], 0.005);
  assertAlmostEquals(logLoss, -Math.log(1e-15), 0.1);
  assertAlmostEquals(clippedLogLoss, -Math.log(0.005));
  assertEquals(areaUnderRocCurve, NaN);
});

Deno.test("evaluationOf() keeps every photo's prediction, fold and tier, and survives JSON", () => {
  const found = evaluation("linear-probe", TIERS);
  assertEquals(Evaluation.parse(JSON.parse(JSON.stringify(found))), found);
  assertEquals(found.predictions[1], { id: "cat.2.jpg", label: "cat", fold: 1, pDog: 0.999, tier: "wrong_label" });
  assertEquals(found.predictions[0].tier, null);
  assertEquals(found.recipe.l2, RECIPES["linear-probe"].l2);
});

Deno.test("evaluationOf() measures all photos, and all but the outliers: those hard but valid stay", () => {
  const { all, outliers } = evaluation("linear-probe", TIERS);
  const predictions = PHOTOS.map(({ label }, k) => ({ label, pDog: P_DOG[k] }));
  assertEquals(all.photos, 6);
  assertAlmostEquals(all.measures.logLoss.value, measuresOf(predictions, 0).logLoss);
  assertEquals(outliers?.known, 1);
  assertEquals(outliers?.without.photos, 5);
  assertAlmostEquals(
    outliers?.without.measures.logLoss.value ?? NaN,
    measuresOf(predictions.filter(({ pDog }) => pDog < 0.99), 0).logLoss,
  );
});

Deno.test("evaluationOf() puts every value within its interval, the same ones each time", () => {
  const { measures } = evaluation().all;
  for (const { value, low, high } of Object.values(measures)) assert(low <= value && value <= high);
  assertEquals(evaluation().all.measures, measures);
});

Deno.test("estimatesOf() puts losses and accuracy within their intervals, whatever was predicted", () => {
  const prediction = fc.record({
    label: fc.constantFrom("cat" as const, "dog" as const),
    pDog: fc.double({ min: 0, max: 1, noNaN: true }),
  });
  // Both classes are there in most samples of so many.
  const both = [{ label: "cat" as const, pDog: 0.2 }, { label: "dog" as const, pDog: 0.7 }];
  const predictions = fc.array(prediction, { maxLength: 20 }).map((some) => [...some, ...both]);
  const property = fc.property(predictions, fc.integer(), (some, seed) => {
    const estimates = estimatesOf(some, 0.005, randomFrom(seed, "bootstrap"));
    for (const name of ["logLoss", "clippedLogLoss", "accuracy"] as const) {
      const { value, low, high } = estimates[name];
      // A mean of many equal numbers differs from them in its last digits.
      assert(low <= value + 1e-12 && value <= high + 1e-12, `${name}: ${value} of ${low} to ${high}`);
    }
  });
  fc.assert(property, { numRuns: 30 });
});

Deno.test("evaluationTables() sets recipes side by side, and says nothing of outliers where none are known", () => {
  const text = evaluationTables([evaluation("one"), evaluation("another")]);
  assertStringIncludes(text, "6 photos, 2 folds, seed 3");
  assertStringIncludes(text, "clipped at 0.005");
  // Values of one measure stand below each other.
  assertMatch(text, /^log loss +one +\S+ +\S+ to \S+\n +another +\S+ +\S+ to \S+$/m);
  assertEquals(text.includes("outliers"), false);
});

Deno.test("evaluationTables() tells how many known outliers each ranking finds", () => {
  const text = evaluationTables([evaluation("one", TIERS)]);
  assertStringIncludes(text, "Without the outliers that manifest.csv names (1)");
  for (const ranking of ["as listed", "backwards"]) {
    assertStringIncludes(text, `${ranking.padEnd(9)}  1 (100%)  1 (100%)  1 hard_but_valid, 4 ordinary, 1 wrong_label`);
  }
});

Deno.test("evaluationTables() fits a terminal of 80 columns with the longest names and every tier", () => {
  // A cat and a dog stay without the outliers.
  const places = { wrong_label: 0, no_animal: 1, both_species: 3, drawing_or_logo: 4, hard_but_valid: 2 };
  const tiers = new Map(Object.entries(places).map(([tier, place]) => [PHOTOS[place].id, tier]));
  const names = Object.keys(RECIPES).toSorted((a, b) => b.length - a.length).slice(0, 3);
  const text = evaluationTables(names.map((name) => evaluation(`${name}-2-epochs`, tiers)));
  for (const line of text.split("\n")) assert(line.length <= 80, `${line.length}: ${line}`);
});

Deno.test("evaluationTables() says why a value lies outside its own interval, and nothing where none does", () => {
  const given = evaluation();
  assertEquals(evaluationTables([given]).includes("outside its interval"), false);
  const calibrationError = { value: 0.0178, low: 0.019, high: 0.0271 };
  const moved = { ...given, all: { ...given.all, measures: { ...given.all.measures, calibrationError } } };
  assertStringIncludes(evaluationTables([moved]), "A value outside its interval (calibration error): samples repeat");
});
