import type { Tensor } from "../tensor.ts";
import type { FeatureGroup } from "./feature_group.ts";
import { widthOf } from "./width_of.ts";
import { toUnitLength } from "./unit_vector.ts";

/** How many photos count as a photo's neighbours. */
const NEIGHBOURS = 10;

/** Whatever computes the matmul `a b^T`: an engine. */
export interface TransposedMatMul {
  /** `[m, k]` and `[n, k]` to `[m, n]`. */
  matMulTransposed(a: Tensor, b: Tensor): Promise<Tensor>;
}

/** Rows that are compared at once: enough to keep every core busy, few enough for any memory. */
const TILE = 1024;

/**
 * How far each photo is from the photos most like it: the mean cosine distance to its ten nearest among all others.
 * Each group is brought to length 1 first, so that all weigh the same. It needs no labels: photos of something else
 * than the rest are far from everything. Every photo is compared with every other one.
 * @param features `[n, sum of widths]`, groups side by side in that order
 * @returns `[n]`, between 0 and 2; the mean is over fewer neighbours when there are no ten others
 * @throws RangeError when the features are not as wide as the groups, or a photo has no other to be compared with
 */
export async function neighbourDistances(
  features: Tensor,
  groups: readonly FeatureGroup[],
  engine: TransposedMatMul,
): Promise<Float64Array> {
  const rows = unitRows(features, groups);
  const [count] = rows.shape;
  if (count === 1) {
    throw new RangeError("Cannot find a photo's neighbours: expected other photos to compare it with, got none");
  }
  const nearest = Array.from({ length: count }, () => new Nearest(Math.min(NEIGHBOURS, count - 1)));
  for (const [firstRow, rowTile] of tiles(rows)) {
    for (const [firstOther, otherTile] of tiles(rows)) {
      const { shape: [height, width], data } = await engine.matMulTransposed(rowTile, otherTile);
      for (let k = 0; k < height; k++) {
        for (let j = 0; j < width; j++) {
          if (firstOther + j !== firstRow + k) nearest[firstRow + k].offer(data[k * width + j]);
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

/**
 * A copy in which each group has length 1 in each row, and then the whole row: their inner products are the similarities
 * of photos.
 * @throws RangeError when the features are not as wide as the groups.
 */
export function unitRows({ shape, data }: Tensor, groups: readonly FeatureGroup[]): Tensor {
  const width = widthOf(groups);
  if (shape.length !== 2 || shape[1] !== width) {
    throw new RangeError(`Cannot find a photo's neighbours: expected features of [n, ${width}], got [${shape}]`);
  }
  const rows = data.slice();
  for (let start = 0; start < rows.length; start += width) {
    let offset = start;
    for (const group of groups) {
      toUnitLength(rows.subarray(offset, offset + group.width));
      offset += group.width;
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
