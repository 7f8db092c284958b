import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { randomFrom } from "../../../../data/random.ts";
import type { LabelledPrediction } from "../../../../pipeline/predictions/metrics.ts";
import {
  FEW_PHOTOS,
  fewPhotosWarning,
  validationEstimates,
} from "../../../../pipeline/predictions/validation_estimates.ts";

/** Predictions of which one in ten is wrong. */
function predictions(count: number): LabelledPrediction[] {
  return Array.from({ length: count }, (_, k) => {
    const label = k % 2 ? "dog" : "cat";
    return { label, pDog: (label === "dog") === (k % 10 !== 3) ? 0.9 : 0.1 };
  });
}

const estimates = (count: number, clip = 0) => validationEstimates(predictions(count), clip, randomFrom(0, "test"));

Deno.test("validationEstimates() holds accuracy and losses within their intervals, the same ones each time", () => {
  const measured = estimates(100, 0.2);
  assert(measured);
  const { photos, ...measures } = measured;
  assertEquals(photos, 100);
  assertEquals(measures.accuracy.value, 0.9);
  assert(measures.clippedLogLoss.high < measures.logLoss.high);
  for (const { low, value, high } of Object.values(measures)) assert(low < value && value < high);
  assertEquals(estimates(100, 0.2), measured);
});

Deno.test("validationEstimates() has narrower intervals for more photos, as the square root of their number", () => {
  const width = (count: number) => {
    const accuracy = estimates(count)?.accuracy;
    assert(accuracy);
    return accuracy.high - accuracy.low;
  };
  const ratio = width(100) / width(1600);
  assert(ratio > 3 && ratio < 5.5, `${ratio}`);
});

Deno.test("validationEstimates() tells nothing of no photos, and stays finite on a sure mistake", () => {
  assertEquals(estimates(0), undefined);
  const sure = validationEstimates([{ label: "cat", pDog: 1 }, { label: "dog", pDog: 1 }], 0, randomFrom(0, "test"));
  assert(sure && Number.isFinite(sure.logLoss.high));
});

Deno.test("fewPhotosWarning() says under what number the interval is wide, and how wide it is", () => {
  const few = estimates(FEW_PHOTOS - 1);
  const enough = estimates(FEW_PHOTOS);
  assert(few && enough);
  assertEquals(fewPhotosWarning(enough), undefined);
  const warning = fewPhotosWarning(few) ?? "";
  assertStringIncludes(warning, "only 384 photos validate: under 385 the 95% intervals are wide");
  assertStringIncludes(warning, `a log loss of ${few.logLoss.low.toFixed(4)} to ${few.logLoss.high.toFixed(4)}`);
});
