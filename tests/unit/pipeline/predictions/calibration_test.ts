import { assertAlmostEquals, assertEquals } from "@std/assert";
import { expectedCalibrationError, reliabilityBins } from "../../../../pipeline/predictions/calibration.ts";

Deno.test("reliabilityBins() gives mean P(dog) and the share of dogs of each bin", () => {
  const bins = reliabilityBins([
    { label: "cat", pDog: 0.1 },
    { label: "dog", pDog: 0.3 },
    { label: "dog", pDog: 1 },
  ], 2);
  assertEquals(bins.map(({ from, to, count, dogShare }) => [from, to, count, dogShare]), [[0, 0.5, 2, 0.5], [
    0.5,
    1,
    1,
    1,
  ]]);
  assertAlmostEquals(bins[0].meanPDog, 0.2);
});

Deno.test("reliabilityBins() has no shares in an empty bin", () => {
  const [, empty] = reliabilityBins([{ label: "cat", pDog: 0.1 }], 2);
  assertEquals([empty.count, empty.meanPDog, empty.dogShare], [0, NaN, NaN]);
});

Deno.test("expectedCalibrationError() weights each bin's gap by its photos", () => {
  const bins = reliabilityBins([
    { label: "cat", pDog: 0.2 },
    { label: "cat", pDog: 0.2 },
    { label: "cat", pDog: 0.2 },
    { label: "dog", pDog: 0.9 },
  ]);
  assertAlmostEquals(expectedCalibrationError(bins), 0.75 * 0.2 + 0.25 * 0.1);
});

Deno.test("expectedCalibrationError() is 0 where probabilities mean what they say", () => {
  const bins = reliabilityBins([
    { label: "dog", pDog: 0.75 },
    { label: "dog", pDog: 0.75 },
    { label: "dog", pDog: 0.75 },
    { label: "cat", pDog: 0.75 },
  ]);
  assertEquals(expectedCalibrationError(bins), 0);
});

Deno.test("expectedCalibrationError() is NaN without predictions", () => {
  assertEquals(expectedCalibrationError(reliabilityBins([])), NaN);
});
