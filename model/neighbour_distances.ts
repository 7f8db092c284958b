import type { Engine } from "./engines/engine.ts";
import type { Tensor } from "./tensor.ts";
import type { HeadBlock } from "./training/block_head.ts";
import { toUnitLength } from "./unit_vector.ts";

/** How many photos count as a photo's neighbours. */
export const NEIGHBOURS = 10;

/** Rows that are compared at once: enough to keep every core busy, few enough for any memory. */
const TILE = 1024;

type Multiplier = Pick<Engine, "product">;

/**
 * How far each photo is from the photos most like it: the mean cosine distance to its ten nearest among all others.
 * Each block is brought to length 1 first, so that all weigh the same. It needs no labels: photos of something else
 * than the rest are far from everything. Every photo is compared with every other one.
 * @param features `[n, sum of widths]`, blocks side by side in that order
 * @returns `[n]`, between 0 and 2; the mean is over fewer neighbours when there are no ten others
 * @throws RangeError when the features are not as wide as the blocks, or a photo has no other to be compared with
 */
export async function neighbourDistances(
  features: Tensor,
  blocks: readonly HeadBlock[],
  engine: Multiplier,
): Promise<Float64Array> {
  const rows = unitRows(features, blocks);
  return await meanDistances(rows, rows, engine);
}

/**
 * How far photos are from the ones most like them in another set: as `neighbourDistances`, for photos that are not
 * among the references.
 * @param features `[n, sum of widths]`, blocks side by side in that order
 * @param references `[m, sum of widths]`, likewise
 * @returns `[n]`
 */
export async function distancesToReferences(
  features: Tensor,
  references: Tensor,
  blocks: readonly HeadBlock[],
  engine: Multiplier,
): Promise<Float64Array> {
  return await meanDistances(unitRows(features, blocks), unitRows(references, blocks), engine);
}

/** @param references may be the rows themselves; then a row is not its own neighbour */
async function meanDistances(rows: Tensor, references: Tensor, engine: Multiplier): Promise<Float64Array> {
  const others = references.shape[0] - (rows === references ? 1 : 0);
  if (rows.shape[0] > 0 && others < 1) {
    throw new RangeError("Cannot find a photo's neighbours: expected other photos to compare it with, got none");
  }
  const nearest = Array.from({ length: rows.shape[0] }, () => new Nearest(Math.min(NEIGHBOURS, others)));
  for (const [firstRow, rowTile] of tiles(rows)) {
    for (const [firstReference, referenceTile] of tiles(references)) {
      const { shape: [height, width], data } = await engine.product(rowTile, referenceTile);
      for (let k = 0; k < height; k++) {
        const row = firstRow + k;
        for (let j = 0; j < width; j++) {
          if (rows !== references || firstReference + j !== row) nearest[row].offer(data[k * width + j]);
        }
      }
    }
  }
  return Float64Array.from(nearest, (found) => found.meanDistance());
}

/** The largest similarities that were offered, the largest first. */
class Nearest {
  readonly #similarities: Float64Array;

  constructor(count: number) {
    this.#similarities = new Float64Array(count).fill(-Infinity);
  }

  offer(similarity: number): void {
    const kept = this.#similarities;
    let place = kept.length;
    while (place > 0 && similarity > kept[place - 1]) place--;
    if (place === kept.length) return;
    kept.copyWithin(place + 1, place, kept.length - 1);
    kept[place] = similarity;
  }

  meanDistance(): number {
    return 1 - this.#similarities.reduce((sum, similarity) => sum + similarity, 0) / this.#similarities.length;
  }
}

/** A copy in which each block has length 1 in each row, and then the whole row. */
function unitRows({ shape, data }: Tensor, blocks: readonly HeadBlock[]): Tensor {
  const width = blocks.reduce((sum, block) => sum + block.width, 0);
  if (shape.length !== 2 || shape[1] !== width) {
    throw new RangeError(`Cannot find a photo's neighbours: expected features of [n, ${width}], got [${shape}]`);
  }
  const rows = data.slice();
  for (let start = 0; start < rows.length; start += width) {
    let offset = start;
    for (const block of blocks) {
      toUnitLength(rows.subarray(offset, offset + block.width));
      offset += block.width;
    }
    toUnitLength(rows.subarray(start, offset));
  }
  return { shape, data: rows };
}

/** Some rows at a time, and the number of the first of them. */
function* tiles({ shape: [count, width], data }: Tensor): Generator<[number, Tensor]> {
  for (let start = 0; start < count; start += TILE) {
    const end = Math.min(start + TILE, count);
    yield [start, { shape: [end - start, width], data: data.subarray(start * width, end * width) }];
  }
}
