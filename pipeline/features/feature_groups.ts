import { z } from "zod";
import type { Tensor } from "../../model/tensor.ts";

/** Features that stand side by side: one value of a backbone, brought down to a vector. */
export const FeatureBlock = z.object({ name: z.string(), width: z.number().int().positive() });
export type FeatureBlock = z.infer<typeof FeatureBlock>;

/**
 * The blocks of these names, in the order of the names.
 * @throws RangeError when there is none of a name.
 */
export function namedBlocks(blocks: readonly FeatureBlock[], names: readonly string[]): FeatureBlock[] {
  return names.map((name) => {
    const block = blocks.find((block) => block.name === name);
    if (block) return block;
    throw new RangeError(`Cannot use features: expected a block of [${blocks.map(({ name }) => name)}], got ${name}`);
  });
}

/** Features a photo in some blocks. */
export function widthOf(blocks: readonly FeatureBlock[]): number {
  return blocks.reduce((sum, { width }) => sum + width, 0);
}

/**
 * Some blocks of a matrix of features, side by side in the order of the names: `[n, width of all]` becomes
 * `[n, width of the named]`.
 */
export function selectBlocks(features: Tensor, blocks: readonly FeatureBlock[], names: readonly string[]): Tensor {
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
