import { sizeOf, type Tensor, tensor, type TensorMap } from "../tensor.ts";
import { foldSubsets } from "./fold_subsets.ts";
import { toUnitLength } from "./unit_vector.ts";
import { fitLogisticRegressions } from "./logistic_regression.ts";
import { affineProducts } from "./row_products.ts";

/** Some of the features' columns: one layer's, one way of pooling. */
export interface HeadBlock {
  readonly name: string;
  readonly width: number;
}

/** What a block head reads, and how. */
export interface BlockHead {
  /** Side by side in this order. */
  readonly blocks: readonly HeadBlock[];
  /**
   * Whether features are square-rooted before a block's row is brought to length 1. That keeps a few strong channels
   * from deciding alone (Arandjelovic and Zisserman, Three things everyone should know to improve object retrieval, CVPR
   * 2012).
   */
  readonly squareRoots: boolean;
}

/** How a block head is fitted. */
export interface BlockHeadOptions {
  /** Half of it times the squared norm of a regression's weight is added to its mean cross entropy. */
  readonly penalty: number;
  /** A regression for each block, whose log-odds are then averaged, or one on all blocks side by side. */
  readonly regressions: "one a block" | "one for all";
  /** Awaited in every iteration, where others get their turn; what it throws ends the fit. */
  readonly pause?: () => Promise<void>;
  /** Told of blocks when their regression is fitted. */
  readonly fitted?: (blocks: number) => void;
}

/**
 * Fits a block head: logistic regressions on blocks of features, each block's row brought to length 1 first.
 * @param features `[n, sum of widths]`, blocks side by side in the head's order
 * @param labels 0 for cat, 1 for dog
 * @returns `${name}.weight` `[width]` and `${name}.bias` `[1]` for each block
 * @throws RangeError when sizes do not fit together, or photos of a class are missing
 */
export async function fitBlockHead(
  features: Tensor,
  head: BlockHead,
  labels: Uint8Array,
  { penalty, regressions, pause, fitted }: BlockHeadOptions,
): Promise<TensorMap> {
  const state = new Map<string, Tensor>();
  const everyRow = new Uint8Array(labels.length).fill(1);
  for (const { blocks, rows } of fittedTogether(features, head, regressions)) {
    const [{ weight, bias }] = await fitLogisticRegressions(rows, labels, [everyRow], penalty, pause);
    // A head takes the mean over blocks of rows of length 1; here each was a part of one row of length 1.
    const scale = Math.sqrt(blocks.length);
    let offset = 0;
    for (const { name, width } of blocks) {
      const part = weight.subarray(offset, offset + width).map((value) => value * scale);
      state.set(`${name}.weight`, tensor([width], Float32Array.from(part)));
      state.set(`${name}.bias`, tensor([1], Float32Array.of(bias)));
      offset += width;
    }
    fitted?.(blocks.length);
  }
  return state;
}

/**
 * A block head's log-odds of dog: the mean of its blocks'.
 * @param features `[n, sum of widths]`, blocks side by side in the head's order
 * @param state what `fitBlockHead` gave
 * @returns `[n]`
 * @throws RangeError when sizes do not fit together, or a block's tensors are missing
 */
export function blockHeadLogits(features: Tensor, head: BlockHead, state: TensorMap): Float64Array {
  const mean = new Float64Array(features.shape[0]);
  const product = new Float64Array(features.shape[0]);
  for (const [{ name, width }, rows] of normalisedBlocks(features, head)) {
    const column = new Float64Array(width + 1);
    column.set(parameter(state, `${name}.weight`, width));
    column.set(parameter(state, `${name}.bias`, 1), width);
    affineProducts(rows, [column], [product]);
    for (let row = 0; row < mean.length; row++) mean[row] += product[row] / head.blocks.length;
  }
  return mean;
}

/**
 * Out-of-fold log-odds of dog: each photo is judged by a block head that was fitted to the other folds only.
 * @param features `[n, sum of widths]`, blocks side by side in the head's order
 * @param labels 0 for cat, 1 for dog
 * @param folds the number of each photo's fold
 * @returns `[n]`
 * @throws RangeError when sizes do not fit together, or a class has photos in one fold only
 */
export async function outOfFoldLogits(
  features: Tensor,
  head: BlockHead,
  labels: Uint8Array,
  folds: Uint8Array,
  { penalty, regressions, pause, fitted }: BlockHeadOptions,
): Promise<Float64Array> {
  const { subsets, subsetOf } = foldSubsets(folds, labels.length);
  const mean = new Float64Array(features.shape[0]);
  for (const { blocks, rows } of fittedTogether(features, head, regressions)) {
    const fits = await fitLogisticRegressions(rows, labels, subsets, penalty, pause);
    const share = blocks.length / head.blocks.length;
    for (let row = 0; row < mean.length; row++) mean[row] += fits[subsetOf[row]].logits[row] * share;
    fitted?.(blocks.length);
  }
  return mean;
}

/** The rows that each regression is fitted to, of length 1, and the blocks that are in them. */
function* fittedTogether(
  features: Tensor,
  head: BlockHead,
  regressions: BlockHeadOptions["regressions"],
): Generator<{ blocks: readonly HeadBlock[]; rows: Tensor }> {
  if (regressions === "one a block") {
    for (const [block, rows] of normalisedBlocks(features, head)) yield { blocks: [block], rows };
    return;
  }
  const [count, width] = features.shape;
  const rows = new Float32Array(count * width);
  const scale = 1 / Math.sqrt(head.blocks.length);
  let offset = 0;
  for (const [block, { data }] of normalisedBlocks(features, head)) {
    for (let row = 0; row < count; row++) {
      for (let j = 0; j < block.width; j++) rows[row * width + offset + j] = data[row * block.width + j] * scale;
    }
    offset += block.width;
  }
  yield { blocks: head.blocks, rows: { shape: [count, width], data: rows } };
}

/**
 * Each block's rows of length 1, square-rooted before where the head asks for it. What a ReLU gives is never negative;
 * rounding on the way that leaves a value just below 0 counts as 0. A row of zeros stays one.
 */
function* normalisedBlocks(features: Tensor, { blocks, squareRoots }: BlockHead): Generator<[HeadBlock, Tensor]> {
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
      const values = data.subarray(row * block.width, (row + 1) * block.width);
      for (let j = 0; j < block.width; j++) {
        const value = Math.max(features.data[start + j], 0);
        values[j] = squareRoots ? Math.sqrt(value) : value;
      }
      toUnitLength(values);
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
