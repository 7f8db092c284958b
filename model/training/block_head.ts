import { sizeOf, type Tensor, tensor, type TensorMap } from "../tensor.ts";
import { foldSubsets } from "./fold_subsets.ts";
import { fitLogisticRegressions } from "./logistic_regression.ts";
import { affineProducts } from "./row_products.ts";

/** Some of the features' columns: one layer's, one way of pooling. */
export interface HeadBlock {
  readonly name: string;
  readonly width: number;
}

/** How a block head is fitted. */
export interface BlockHeadOptions {
  /** Half of it times the squared norm of a block's weight is added to the block's mean cross entropy. */
  readonly penalty: number;
}

/**
 * Fits a block head: a logistic regression for each block of features, which are square-rooted and brought to length 1
 * first. The square root (Arandjelovic and Zisserman, Three things everyone should know to improve object retrieval,
 * CVPR 2012) keeps a few strong channels from deciding alone.
 * @param features `[n, sum of widths]`, blocks side by side in that order
 * @param labels 0 for cat, 1 for dog
 * @returns `${name}.weight` `[width]` and `${name}.bias` `[1]` for each block
 * @throws RangeError when sizes do not fit together, or photos of a class are missing
 */
export function fitBlockHead(
  features: Tensor,
  blocks: readonly HeadBlock[],
  labels: Uint8Array,
  { penalty }: BlockHeadOptions,
): TensorMap {
  const state = new Map<string, Tensor>();
  const everyRow = new Uint8Array(labels.length).fill(1);
  for (const [{ name, width }, rows] of normalisedBlocks(features, blocks)) {
    const [{ weight, bias }] = fitLogisticRegressions(rows, labels, [everyRow], penalty);
    state.set(`${name}.weight`, tensor([width], Float32Array.from(weight)));
    state.set(`${name}.bias`, tensor([1], Float32Array.of(bias)));
  }
  return state;
}

/**
 * A block head's log-odds of dog: the mean of its blocks'.
 * @param features `[n, sum of widths]`, blocks side by side in that order
 * @param state what `fitBlockHead` gave
 * @returns `[n]`
 * @throws RangeError when sizes do not fit together, or a block's tensors are missing
 */
export function blockHeadLogits(features: Tensor, blocks: readonly HeadBlock[], state: TensorMap): Float64Array {
  const mean = new Float64Array(features.shape[0]);
  const product = new Float64Array(features.shape[0]);
  for (const [{ name, width }, rows] of normalisedBlocks(features, blocks)) {
    const column = new Float64Array(width + 1);
    column.set(parameter(state, `${name}.weight`, width));
    column.set(parameter(state, `${name}.bias`, 1), width);
    affineProducts(rows, [column], [product]);
    for (let row = 0; row < mean.length; row++) mean[row] += product[row] / blocks.length;
  }
  return mean;
}

/**
 * Out-of-fold log-odds of dog: each photo is judged by a block head that was fitted to the other folds only.
 * @param features `[n, sum of widths]`, blocks side by side in that order
 * @param labels 0 for cat, 1 for dog
 * @param folds the number of each photo's fold
 * @returns `[n]`
 * @throws RangeError when sizes do not fit together, or a class has photos in one fold only
 */
export function outOfFoldLogits(
  features: Tensor,
  blocks: readonly HeadBlock[],
  labels: Uint8Array,
  folds: Uint8Array,
  { penalty }: BlockHeadOptions,
): Float64Array {
  const { subsets, subsetOf } = foldSubsets(folds, labels.length);
  const mean = new Float64Array(features.shape[0]);
  for (const [, rows] of normalisedBlocks(features, blocks)) {
    const fits = fitLogisticRegressions(rows, labels, subsets, penalty);
    for (let row = 0; row < mean.length; row++) mean[row] += fits[subsetOf[row]].logits[row] / blocks.length;
  }
  return mean;
}

/**
 * Each block's rows, square-rooted and then of length 1. What a ReLU gives is never negative; rounding on the way that
 * leaves a value just below 0 counts as 0. A row of zeros stays one.
 */
function* normalisedBlocks(features: Tensor, blocks: readonly HeadBlock[]): Generator<[HeadBlock, Tensor]> {
  const [count, total] = features.shape;
  const width = blocks.reduce((sum, block) => sum + block.width, 0);
  if (features.shape.length !== 2 || total !== width || width === 0) {
    throw new RangeError(`Cannot read blocks of features: expected [n, ${width}], got [${features.shape}]`);
  }
  let offset = 0;
  for (const block of blocks) {
    const data = new Float32Array(sizeOf([count, block.width]));
    for (let row = 0; row < count; row++) {
      const start = row * total + offset;
      const rooted = data.subarray(row * block.width, (row + 1) * block.width);
      // The squares of the square roots are the values themselves.
      let sum = 0;
      for (let j = 0; j < block.width; j++) sum += rooted[j] = Math.max(features.data[start + j], 0);
      const scale = sum > 0 ? 1 / sum : 0;
      for (let j = 0; j < block.width; j++) rooted[j] = Math.sqrt(rooted[j] * scale);
    }
    yield [block, { shape: [count, block.width], data }];
    offset += block.width;
  }
}

function parameter(state: TensorMap, name: string, width: number): Float32Array {
  const found = state.get(name);
  if (found && found.data.length === width) return found.data;
  throw new RangeError(
    `Cannot judge photos: expected ${name} of [${width}], got ${found ? `[${found.shape}]` : "none"}`,
  );
}
