import { sizeOf, type Tensor, type TensorMap } from "../tensor.ts";
import type { FeatureGroup } from "./feature_group.ts";
import { affineMatMul } from "./regression/affine_matmul.ts";
import { toUnitLength } from "./unit_vector.ts";
import { widthOf } from "./width_of.ts";

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
 * Each group's rows of length 1, Hellinger-normalised where the probe asks for it. What a ReLU gives is never negative;
 * rounding on the way that leaves a value just below 0 counts as 0. A row of zeros stays one.
 */
export function* normalisedGroups(
  features: Tensor,
  { groups, hellinger }: LinearProbe,
): Generator<[FeatureGroup, Tensor]> {
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
