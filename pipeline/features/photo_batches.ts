import { chunk } from "@std/collections/chunk";
import type { PixelBatch } from "../../base/pixel_batch.ts";
import { pixelBatches } from "../../data/picture/pixel_batches.ts";
import type { Backbone } from "../../model/weights/backbone.ts";
import type { Box } from "../photos/photo.ts";
import type { PhotoSet, StageTools } from "../runner/stage.ts";

/** A photo to decode: where it is, and what is left of it after trimming. */
export interface PhotoToRead {
  readonly set: PhotoSet;
  readonly id: string;
  readonly box: Box;
}

/** Some photos, and what each backbone takes of them: bytes, `[batch, size, size, 3]`. */
export interface DecodedBatch<Photo> {
  readonly photos: readonly Photo[];
  readonly inputs: readonly PixelBatch[];
}

/**
 * Decodes photos batch by batch, each photo once for all backbones. While a batch is being used the next one is
 * decoded, so that decoding costs no time of its own where the engine leaves a core free. It holds the one that is
 * decoded and the one that was given last.
 */
export async function* photoBatches<Photo extends PhotoToRead>(
  photos: readonly Photo[],
  batchSize: number,
  backbones: readonly Backbone[],
  tools: Pick<StageTools, "photos" | "signal">,
): AsyncGenerator<DecodedBatch<Photo>> {
  const sizes = photoSizes(backbones);
  const decode = async (batch: readonly Photo[]): Promise<DecodedBatch<Photo>> => {
    const toTransform = batch.map(({ set, id, box }) => ({
      box,
      read: async () => await (await tools.photos(set)).read(id),
    }));
    return { photos: batch, inputs: await pixelBatches(toTransform, sizes) };
  };
  let ahead: Promise<DecodedBatch<Photo>> | undefined;
  for (const batch of chunk(photos, batchSize)) {
    tools.signal.throwIfAborted();
    const ready = await ahead;
    ahead = decode(batch);
    // A failure while the batch before is in use is thrown when this one is awaited, not as unhandled.
    ahead.catch(() => {});
    if (ready) yield ready;
  }
  if (ahead) yield await ahead;
}

/** Height and width at which each backbone takes its photos, in pixels. */
export function photoSizes(backbones: readonly Backbone[]): number[] {
  return backbones.map(({ network: { inputShape } }) => inputShape.height);
}
