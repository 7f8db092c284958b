import { z } from "zod";
import type { Random } from "../../data/random.ts";
import { bootstrapped, Estimate, RESAMPLES } from "./bootstrap.ts";
import { accuracy, type LabelledPrediction, LEAST_CLIP, logLoss } from "./metrics.ts";

/** What the validation photos say of a classifier, with 95% intervals. */
export const ValidationEstimates = z.object({
  photos: z.number().int().positive(),
  /** Predictions are kept 1e-15 from 0 and 1, as the competition does. */
  logLoss: Estimate,
  /** The same with predictions as far from 0 and 1 as in the submission. */
  clippedLogLoss: Estimate,
  accuracy: Estimate,
});
export type ValidationEstimates = z.infer<typeof ValidationEstimates>;

/**
 * Under this many photos the interval is wide: that of an accuracy near 1/2 reaches 5 points either way at 385
 * (1.96 sqrt(1/4 / n) = .05).
 */
export const FEW_PHOTOS = 385;

/** Measures the predictions of validation photos; `undefined` without any. */
export function validationEstimates(
  predictions: readonly LabelledPrediction[],
  clip: number,
  random: Random,
): ValidationEstimates | undefined {
  if (predictions.length === 0) return undefined;
  const measures = (sample: readonly LabelledPrediction[]) => ({
    logLoss: logLoss(sample, { clip: LEAST_CLIP }),
    clippedLogLoss: logLoss(sample, { clip: Math.max(clip, LEAST_CLIP) }),
    accuracy: accuracy(sample),
  });
  const estimates = bootstrapped(predictions, measures, { resamples: RESAMPLES, random });
  return ValidationEstimates.parse({ photos: predictions.length, ...Object.fromEntries(estimates) });
}

/** What is said where few photos validate; `undefined` where enough do. */
export function fewPhotosWarning({ photos, logLoss, accuracy }: ValidationEstimates): string | undefined {
  if (photos >= FEW_PHOTOS) return undefined;
  const percent = (share: number) => `${(100 * share).toFixed(1)}%`;
  return `only ${photos} photos validate: under ${FEW_PHOTOS} the 95% intervals are wide, here a log loss of ` +
    `${logLoss.low.toFixed(4)} to ${logLoss.high.toFixed(4)} and an accuracy of ${percent(accuracy.low)} to ` +
    `${percent(accuracy.high)}. Add photos, or let deno task evaluate validate each photo once`;
}
