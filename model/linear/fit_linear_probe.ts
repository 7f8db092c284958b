import { type Tensor, tensor, type TensorMap } from "../tensor.ts";
import type { FeatureGroup } from "./feature_group.ts";
import { foldSubsets } from "./fold_subsets.ts";
import { type LinearProbe, normalisedGroups } from "./linear_probe.ts";
import { fitLogisticRegressions } from "./regression/logistic_regression.ts";

/** How a linear probe is fitted. */
export interface LinearProbeOptions {
  /** The strength of the L2 penalty: half of it times the squared norm of a regression's weight is added to its mean cross entropy. */
  readonly l2: number;
  /** A regression for each group, whose logits are then averaged, or one on all groups side by side. */
  readonly regressions: "one a group" | "one for all";
  /** Awaited in every iteration, where others get their turn; what it throws ends the fit. */
  readonly pause?: () => Promise<void>;
  /** Told of groups when their regression is fitted. */
  readonly fitted?: (groups: number) => void;
}

/**
 * Fits a linear probe: logistic regressions on feature groups, each group's row brought to length 1 first.
 * @param features `[n, sum of widths]`, groups side by side in the probe's order
 * @param labels 0 for cat, 1 for dog
 * @returns `${name}.weight` `[width]` and `${name}.bias` `[1]` for each group
 * @throws RangeError when sizes do not fit together, or photos of a class are missing
 */
export async function fitLinearProbe(
  features: Tensor,
  probe: LinearProbe,
  labels: Uint8Array,
  { l2, regressions, pause, fitted }: LinearProbeOptions,
): Promise<TensorMap> {
  const state = new Map<string, Tensor>();
  const everyRow = new Uint8Array(labels.length).fill(1);
  for (const { groups, rows } of fittedTogether(features, probe, regressions)) {
    const [{ weight, bias }] = await fitLogisticRegressions(rows, labels, [everyRow], l2, pause);
    // A probe takes the mean over groups of rows of length 1; here each was a part of one row of length 1.
    const scale = Math.sqrt(groups.length);
    let offset = 0;
    for (const { name, width } of groups) {
      const part = weight.subarray(offset, offset + width).map((value) => value * scale);
      state.set(`${name}.weight`, tensor([width], Float32Array.from(part)));
      state.set(`${name}.bias`, tensor([1], Float32Array.of(bias)));
      offset += width;
    }
    fitted?.(groups.length);
  }
  return state;
}

/**
 * Out-of-fold logits of dog: each photo is predicted by a linear probe that was fitted to the other folds only.
 * @param features `[n, sum of widths]`, groups side by side in the probe's order
 * @param labels 0 for cat, 1 for dog
 * @param folds the number of each photo's fold
 * @returns `[n]`
 * @throws RangeError when sizes do not fit together, or a class has photos in one fold only
 */
export async function outOfFoldLogits(
  features: Tensor,
  probe: LinearProbe,
  labels: Uint8Array,
  folds: Uint8Array,
  { l2, regressions, pause, fitted }: LinearProbeOptions,
): Promise<Float64Array> {
  const { subsets, subsetOf } = foldSubsets(folds, labels.length);
  const mean = new Float64Array(features.shape[0]);
  for (const { groups, rows } of fittedTogether(features, probe, regressions)) {
    const fits = await fitLogisticRegressions(rows, labels, subsets, l2, pause);
    const share = groups.length / probe.groups.length;
    for (let row = 0; row < mean.length; row++) mean[row] += fits[subsetOf[row]].logits[row] * share;
    fitted?.(groups.length);
  }
  return mean;
}

/** The rows that each regression is fitted to, of length 1, and the groups that are in them. */
function* fittedTogether(
  features: Tensor,
  probe: LinearProbe,
  regressions: LinearProbeOptions["regressions"],
): Generator<{ groups: readonly FeatureGroup[]; rows: Tensor }> {
  if (regressions === "one a group") {
    for (const [group, rows] of normalisedGroups(features, probe)) yield { groups: [group], rows };
    return;
  }
  const [count, width] = features.shape;
  const rows = new Float32Array(count * width);
  const scale = 1 / Math.sqrt(probe.groups.length);
  let offset = 0;
  for (const [group, { data }] of normalisedGroups(features, probe)) {
    for (let row = 0; row < count; row++) {
      for (let j = 0; j < group.width; j++) rows[row * width + offset + j] = data[row * group.width + j] * scale;
    }
    offset += group.width;
  }
  yield { groups: probe.groups, rows: { shape: [count, width], data: rows } };
}
