import type { PixelBatch } from "../../../../data/base/pixel_batch.ts";
import { batchTransform, type PhotoToTransform } from "../../../../data/picture/batches/batch_transform.ts";

/** Photos as one batch of every size. */
export async function oneBatch(photos: readonly PhotoToTransform[], sizes: readonly number[]): Promise<PixelBatch[]> {
  const [{ inputs }] = await Array.fromAsync(batchTransform(photos, { sizes, batchSize: photos.length }));
  return [...inputs];
}
