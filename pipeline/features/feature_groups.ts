import { type FeatureGroup, widthOf } from "../../model/linear/feature_group.ts";
import type { Tensor } from "../../model/tensor.ts";

/**
 * The blocks of these names, in the order of the names.
 * @throws RangeError when there is none of a name.
 */
export function namedBlocks(blocks: readonly FeatureGroup[], names: readonly string[]): FeatureGroup[] {
  return names.map((name) => {
    const block = blocks.find((block) => block.name === name);
    if (block) return block;
    throw new RangeError(`Cannot use features: expected a block of [${blocks.map(({ name }) => name)}], got ${name}`);
  });
}

/**
 * Some blocks of a matrix of features, side by side in the order of the names: `[n, width of all]` becomes
 * `[n, width of the named]`.
 */
export function selectBlocks(features: Tensor, blocks: readonly FeatureGroup[], names: readonly string[]): Tensor {
  const [rows, stride] = features.shape;
  const selected = namedBlocks(blocks, names);
  const width = widthOf(selected);
  const data = new Float32Array(rows * width);
  let column = 0;
  for (const block of selected) {
    const start = widthOf(blocks.slice(0, blocks.indexOf(block)));
    for (let row = 0; row < rows; row++) {
      const from = row * stride + start;
      data.set(features.data.subarray(from, from + block.width), row * width + column);
    }
    column += block.width;
  }
  return { shape: [rows, width], data };
}
