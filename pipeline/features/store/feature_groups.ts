import type { FeatureGroup } from "../../../model/linear/feature_group.ts";
import { widthOf } from "../../../model/linear/width_of.ts";
import type { Tensor } from "../../../model/tensor.ts";

/**
 * The groups of these names, in the order of the names.
 * @throws RangeError when there is none of a name.
 */
export function namedGroups(groups: readonly FeatureGroup[], names: readonly string[]): FeatureGroup[] {
  return names.map((name) => {
    const group = groups.find((group) => group.name === name);
    if (group) return group;
    throw new RangeError(`Cannot use features: expected a group of [${groups.map(({ name }) => name)}], got ${name}`);
  });
}

/**
 * From so many features a photo they are kept in 16 bits: where backbones of full width were measured, that changes no
 * photo's side and no outlier. Of narrow ones it moves a photo in a thousand, and they take little room in any case.
 */
const HALVES_FROM = 20_000;

/** The numbers that features are kept in, by all groups that a photo has. */
export function storedType(groups: readonly FeatureGroup[]): "F16" | "F32" {
  return widthOf(groups) >= HALVES_FROM ? "F16" : "F32";
}

/**
 * Some groups of a matrix of features, side by side in the order of the names: `[n, width of all]` becomes
 * `[n, width of the named]`.
 */
export function selectGroups(features: Tensor, groups: readonly FeatureGroup[], names: readonly string[]): Tensor {
  const [rows, stride] = features.shape;
  const selected = namedGroups(groups, names);
  const width = widthOf(selected);
  const data = new Float32Array(rows * width);
  let column = 0;
  for (const group of selected) {
    const start = widthOf(groups.slice(0, groups.indexOf(group)));
    for (let row = 0; row < rows; row++) {
      const from = row * stride + start;
      data.set(features.data.subarray(from, from + group.width), row * width + column);
    }
    column += group.width;
  }
  return { shape: [rows, width], data };
}
