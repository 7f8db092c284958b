import { z } from "zod";
import type { Random } from "../../../data/random.ts";
import {
  accuracy,
  areaUnderRocCurve,
  type LabelledPrediction,
  LEAST_CLIP,
  logLoss,
} from "../../predictions/metrics.ts";
import { expectedCalibrationError, reliabilityBins } from "../../predictions/calibration.ts";
import { bootstrapped, Estimate, RESAMPLES } from "../../predictions/bootstrap.ts";

/** What predictions are measured by, in the order of the table. */
export const MEASURES = ["logLoss", "clippedLogLoss", "accuracy", "areaUnderRocCurve", "calibrationError"] as const;
export type Measure = (typeof MEASURES)[number];

/** Every measure with its 95% interval. */
export const Estimates = z.record(z.enum(MEASURES), Estimate);
export type Estimates = z.infer<typeof Estimates>;

/**
 * Every measure of labelled predictions. The log loss without a clip still keeps predictions 1e-15 from 0 and 1; the
 * area under the ROC curve is NaN where a class is missing.
 * @param clip how far from 0 and 1 the clipped log loss keeps predictions
 */
export function measuresOf(predictions: readonly LabelledPrediction[], clip: number): Record<Measure, number> {
  const labels = new Set(predictions.map(({ label }) => label));
  return {
    logLoss: logLoss(predictions, { clip: LEAST_CLIP }),
    clippedLogLoss: logLoss(predictions, { clip: Math.max(clip, LEAST_CLIP) }),
    accuracy: accuracy(predictions),
    areaUnderRocCurve: labels.size === 2 ? areaUnderRocCurve(predictions) : NaN,
    calibrationError: expectedCalibrationError(reliabilityBins(predictions)),
  };
}

/** Every measure of predictions on cats and dogs with its 95% interval, over samples of the photos. */
export function estimatesOf(predictions: readonly LabelledPrediction[], clip: number, random: Random): Estimates {
  // The area under the ROC curve sorts every sample, which is quick where it comes sorted.
  const sorted = predictions.toSorted((a, b) => a.pDog - b.pDog);
  const estimates = bootstrapped(sorted, (sample) => measuresOf(sample, clip), { resamples: RESAMPLES, random });
  return Estimates.parse(Object.fromEntries(estimates));
}
