import type { PixelBatch } from "../../base/pixel_batch.ts";
import { inDecodePool } from "./decode_pool.ts";
import { withPixels } from "../decode.ts";
import { type Box, wholeBox } from "../pixels.ts";
import { squarePixels } from "./resize.ts";

/** A photo to transform; it is read when its turn comes. */
export interface PhotoToTransform {
  /** Size of its file, as far as it is known. */
  readonly bytes?: number;
  read(): Promise<Uint8Array>;
  /** What is left of it after trimming; the whole photo when not given. */
  readonly box?: Box;
}

/**
 * The write-up's `batch_transform`: decodes and trims photos, each once, and gives them as squares of several sizes. The
 * engines normalise, each backbone as its weights say.
 * @param sizes in pixels
 * @returns for each size `[batch, size, size, 3]`, in the order of the photos.
 * @throws PhotoError when a photo cannot be decoded.
 */
export async function batchTransform(
  photos: readonly PhotoToTransform[],
  sizes: readonly number[],
): Promise<PixelBatch[]> {
  const batches = sizes.map((size): PixelBatch => ({
    shape: [photos.length, size, size, 3],
    data: new Uint8Array(photos.length * 3 * size * size),
  }));
  const numbered = photos.map((photo, index) => ({ photo, index, bytes: photo.bytes ?? 0 }));
  const written = inDecodePool(numbered, async ({ photo, index }) => {
    await withPixels(await photo.read(), async (pixels) => {
      const box = photo.box ?? wholeBox(pixels);
      // One after the other: none may be at the pixels still when another has failed.
      for (const [k, size] of sizes.entries()) {
        batches[k].data.set(await squarePixels(pixels, box, size), index * 3 * size ** 2);
      }
    });
  });
  for await (const _ of written);
  return batches;
}
