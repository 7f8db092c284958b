import { sizeOf, type Tensor, tensor, type TensorMap } from "../tensor.ts";
import type { FeatureGroup } from "./feature_group.ts";
import { widthOf } from "./width_of.ts";
import { foldSubsets } from "./fold_subsets.ts";
import { toUnitLength } from "./unit_vector.ts";
import { fitLogisticRegressions } from "./regression/logistic_regression.ts";
import { affineMatMul } from "./regression/affine_matmul.ts";

/** What a linear probe reads, and how. */
export interface LinearProbe {
  /** Side by side in this order. */
  readonly groups: readonly FeatureGroup[];
  /**
   * Hellinger normalisation: whether features are square-rooted before a group's row is brought to length 1. That keeps
   * a few strong channels from deciding alone (Arandjelovic and Zisserman, Three things everyone should know to improve
   * object retrieval, CVPR 2012).
   */
  readonly hellinger: boolean;
}

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
 * A linear probe's logits of dog: the mean of its groups'.
 * @param features `[n, sum of widths]`, groups side by side in the probe's order
 * @param state what `fitLinearProbe` gave
 * @returns `[n]`
 * @throws RangeError when sizes do not fit together, or a group's tensors are missing
 */
export function linearProbeLogits(features: Tensor, probe: LinearProbe, state: TensorMap): Float64Array {
  const mean = new Float64Array(features.shape[0]);
  const logits = new Float64Array(features.shape[0]);
  for (const [{ name, width }, rows] of normalisedGroups(features, probe)) {
    const column = new Float64Array(width + 1);
    column.set(parameter(state, `${name}.weight`, width));
    column.set(parameter(state, `${name}.bias`, 1), width);
    affineMatMul(rows, [column], [logits]);
    for (let row = 0; row < mean.length; row++) mean[row] += logits[row] / probe.groups.length;
  }
  return mean;
}

/** A photo's logit taken apart. */
export interface LogitParts {
  /** For each group what each of its features adds. */
  readonly groups: readonly { readonly name: string; readonly parts: Float64Array }[];
  /** What is added whatever the photo shows: the biases. All parts and it sum to the logit. */
  readonly rest: number;
}

/**
 * What `linearProbeLogits` adds up for one photo.
 * @param features `[1, sum of widths]`
 * @throws RangeError when sizes do not fit together, or a group's tensors are missing
 */
export function linearProbeParts(features: Tensor, probe: LinearProbe, state: TensorMap): LogitParts {
  if (features.shape[0] !== 1) throw new RangeError(`Cannot take logits apart: expected one, got ${features.shape[0]}`);
  const groups: { name: string; parts: Float64Array }[] = [];
  let rest = 0;
  for (const [{ name, width }, { data: row }] of normalisedGroups(features, probe)) {
    const weight = parameter(state, `${name}.weight`, width);
    groups.push({ name, parts: Float64Array.from(row, (value, j) => value * weight[j] / probe.groups.length) });
    rest += parameter(state, `${name}.bias`, 1)[0] / probe.groups.length;
  }
  return { groups, rest };
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

/**
 * Each group's rows of length 1, Hellinger-normalised where the probe asks for it. What a ReLU gives is never negative;
 * rounding on the way that leaves a value just below 0 counts as 0. A row of zeros stays one.
 */
function* normalisedGroups(features: Tensor, { groups, hellinger }: LinearProbe): Generator<[FeatureGroup, Tensor]> {
  const [count, total] = features.shape;
  const width = widthOf(groups);
  if (features.shape.length !== 2 || total !== width || width === 0) {
    throw new RangeError(`Cannot read feature groups: expected [n, ${width}], got [${features.shape}]`);
  }
  let offset = 0;
  for (const group of groups) {
    const data = new Float32Array(sizeOf([count, group.width]));
    for (let row = 0; row < count; row++) {
      const start = row * total + offset;
      const values = data.subarray(row * group.width, (row + 1) * group.width);
      for (let j = 0; j < group.width; j++) {
        const value = Math.max(features.data[start + j], 0);
        values[j] = hellinger ? Math.sqrt(value) : value;
      }
      toUnitLength(values);
    }
    yield [group, { shape: [count, group.width], data }];
    offset += group.width;
  }
}

function parameter(state: TensorMap, name: string, width: number): Float32Array {
  const found = state.get(name);
  if (found && found.data.length === width) return found.data;
  throw new RangeError(
    `Cannot predict: expected ${name} of [${width}], got ${found ? `[${found.shape}]` : "none"}`,
  );
}
