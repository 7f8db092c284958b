import { inDecodePool } from "./decode_pool.ts";
import { normalise, type Preprocessing } from "./normalise.ts";
import { decodePhoto } from "./photo.ts";
import { type Box, wholeBox } from "./pixels.ts";
import { squarePixels } from "./resize.ts";

/** A photo to transform; it is read when its turn comes. */
export interface PhotoToTransform {
  read(): Promise<Uint8Array>;
  /** What is left of it after trimming; the whole photo when not given. */
  readonly box?: Box;
}

/** A batch as a network takes it: `[batch, 3, size, size]`, float32. */
export interface PhotoBatch {
  readonly shape: readonly [batch: number, channels: number, height: number, width: number];
  readonly data: Float32Array;
}

/**
 * The write-up's `batch_transform(paths, transform)`: decodes, trims, sizes and normalises photos.
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
  const batches = transforms.map(({ size }): PhotoBatch => ({
    shape: [photos.length, 3, size, size],
    data: new Float32Array(photos.length * 3 * size * size),
  }));
  const written = inDecodePool(photos.entries(), async ([index, photo]) => {
    const pixels = await decodePhoto(await photo.read());
    await Promise.all(transforms.map(async (transform, k) => {
      const values = 3 * transform.size ** 2;
      const rgb = await squarePixels(pixels, photo.box ?? wholeBox(pixels), transform.size);
      normalise(rgb, transform, batches[k].data.subarray(index * values, (index + 1) * values));
    }));
  });
  for await (const _ of written);
  return batches;
}
