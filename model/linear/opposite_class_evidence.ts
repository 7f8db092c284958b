import type { Tensor } from "../tensor.ts";
import { toUnitLength } from "./unit_vector.ts";
import { foldSubsets } from "./fold_subsets.ts";
import { fitLogisticRegressions } from "./regression/logistic_regression.ts";

/** Photos as a backbone's last layer sees them: as a whole, and window by window. */
export interface WindowedPhotos {
  /** Means over all positions: `[n, channels]`. */
  readonly features: Tensor;
  /** Means over each window, the windows of a channel side by side: `[n, channels * windows]`. */
  readonly windows: Tensor;
  /** 0 for cat, 1 for dog. */
  readonly labels: Uint8Array;
  /** The number of each photo's fold. */
  readonly folds: Uint8Array;
}

/**
 * How strongly some window of a photo speaks for the class that is not its label: the logit of that class in the
 * window where it is highest, by a logistic regression that was fitted to whole photos of the other folds. High for
 * a wrong label, and for a photo that shows both animals. Windows and photos are brought to length 1 first.
 * @param l2 of the regression, and where others get their turn (see `fitLogisticRegressions`)
 * @returns `[n]`
 * @throws RangeError when sizes do not fit together, or a class has photos in one fold only
 */
export async function oppositeClassEvidence(
  { features, windows, labels, folds }: WindowedPhotos,
  { l2, pause }: { readonly l2: number; readonly pause?: () => Promise<void> },
): Promise<Float64Array> {
  const [count, channels] = features.shape;
  const perChannel = windows.shape[1] / channels;
  if (windows.shape.length !== 2 || windows.shape[0] !== count || !Number.isInteger(perChannel) || perChannel < 1) {
    throw new RangeError(
      `Cannot predict windows: expected [${count}, a multiple of ${channels}], got [${windows.shape}]`,
    );
  }
  const rows = { shape: features.shape, data: features.data.slice() };
  for (let row = 0; row < count; row++) toUnitLength(rows.data.subarray(row * channels, (row + 1) * channels));
  const { subsets, subsetOf } = foldSubsets(folds, count);
  const fits = await fitLogisticRegressions(rows, labels, subsets, l2, pause);
  const vector = new Float32Array(channels);
  return Float64Array.from(labels, (label, row) => {
    const { weight, bias } = fits[subsetOf[row]];
    let strongest = -Infinity;
    for (let window = 0; window < perChannel; window++) {
      for (let j = 0; j < channels; j++) vector[j] = windows.data[(row * channels + j) * perChannel + window];
      toUnitLength(vector);
      const dog = vector.reduce((sum, value, j) => sum + value * weight[j], bias);
      strongest = Math.max(strongest, label === 1 ? -dog : dog);
    }
    return strongest;
  });
}
