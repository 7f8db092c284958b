import type { PhotoToTransform } from "../../../../data/picture/batches/batch_transform.ts";
import { oneBatch } from "./one_batch.ts";
import { normalise, type Preprocessing } from "../../../unit/data/picture/normalise.ts";

/** A batch as a network takes it that does not normalise by itself: `[batch, 3, size, size]`, float32. */
export interface NormalisedBatch {
  readonly shape: readonly [batch: number, channels: number, height: number, width: number];
  readonly data: Float32Array;
}

/** `batchTransform` and `normalise`, for several backbones: what other programs' networks are given. */
export async function normalisedBatches(
  photos: readonly PhotoToTransform[],
  transforms: readonly Preprocessing[],
): Promise<NormalisedBatch[]> {
  const batches = await oneBatch(photos, transforms.map(({ inputSize }) => inputSize));
  return transforms.map((transform, k) => {
    const values = 3 * transform.inputSize ** 2;
    const data = new Float32Array(photos.length * values);
    for (let at = 0; at < data.length; at += values) {
      normalise(batches[k].data.subarray(at, at + values), transform, data.subarray(at, at + values));
    }
    return { shape: [photos.length, 3, transform.inputSize, transform.inputSize], data };
  });
}
