import type { LabelledPrediction } from "./metrics.ts";
import { binOf } from "./histogram.ts";

/** The predictions whose P(dog) lies in one interval, against how often they were dogs. */
export interface ReliabilityBin {
  readonly from: number;
  readonly to: number;
  readonly count: number;
  /** NaN in an empty bin. */
  readonly meanPDog: number;
  /** Share of the bin's photos that are dogs; NaN in an empty bin. */
  readonly dogShare: number;
}

/**
 * Reliability diagram's bins, of equal width over P(dog) from 0 to 1.
 * After DeGroot and Fienberg, "The Comparison and Evaluation of Forecasters", 1983.
 *
 * @throws RangeError on a P(dog) outside 0 to 1.
 */
export function reliabilityBins(predictions: readonly LabelledPrediction[], bins = 10): ReliabilityBin[] {
  const totals = Array.from({ length: bins }, () => ({ count: 0, pDog: 0, dogs: 0 }));
  for (const { label, pDog } of predictions) {
    const total = totals[binOf(pDog, bins)];
    total.count++;
    total.pDog += pDog;
    if (label === "dog") total.dogs++;
  }
  return totals.map(({ count, pDog, dogs }, bin) => ({
    from: bin / bins,
    to: (bin + 1) / bins,
    count,
    meanPDog: pDog / count,
    dogShare: dogs / count,
  }));
}

/**
 * Expected calibration error: the gap between the mean P(dog) and the share of dogs in a bin, averaged over photos.
 * `sum(count / n * |dogShare - meanPDog|)`, from Naeini, Cooper and Hauskrecht, "Obtaining Well Calibrated Probabilities
 * Using Bayesian Binning", 2015.
 *
 * @returns from 0 (calibrated) to 1; NaN without predictions.
 */
export function expectedCalibrationError(bins: readonly ReliabilityBin[]): number {
  const count = bins.reduce((sum, bin) => sum + bin.count, 0);
  const gaps = bins.filter((bin) => bin.count > 0).map((bin) => bin.count * Math.abs(bin.dogShare - bin.meanPDog));
  return gaps.reduce((sum, gap) => sum + gap, 0) / count;
}
