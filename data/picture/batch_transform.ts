import { normalise, type Preprocessing } from "./normalise.ts";
import { type PhotoToTransform, pixelBatches } from "./pixel_batches.ts";

/** A batch as a network takes it: `[batch, 3, size, size]`, float32. */
export interface PhotoBatch {
  readonly shape: readonly [batch: number, channels: number, height: number, width: number];
  readonly data: Float32Array;
}

/**
 * The write-up's `batch_transform(paths, transform)`: decodes, trims, sizes and normalises photos. The pipeline's
 * engines do the last step themselves (see `pixelBatches`); this is what a network takes that does not.
 * @returns `[batch, 3, size, size]`, in the order of the photos.
 * @throws PhotoError when a photo cannot be decoded.
 */
export async function batchTransform(
  photos: readonly PhotoToTransform[],
  transform: Preprocessing,
): Promise<PhotoBatch> {
  const [batch] = await batchTransforms(photos, [transform]);
  return batch;
}

/** `batchTransform` for several backbones from one decode a photo: a batch for each preprocessing. */
export async function batchTransforms(
  photos: readonly PhotoToTransform[],
  transforms: readonly Preprocessing[],
): Promise<PhotoBatch[]> {
  const batches = await pixelBatches(photos, transforms.map(({ inputSize }) => inputSize));
  return transforms.map((transform, k) => {
    const values = 3 * transform.inputSize ** 2;
    const data = new Float32Array(photos.length * values);
    for (let at = 0; at < data.length; at += values) {
      normalise(batches[k].data.subarray(at, at + values), transform, data.subarray(at, at + values));
    }
    return { shape: [photos.length, 3, transform.inputSize, transform.inputSize], data };
  });
}
