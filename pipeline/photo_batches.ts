import type { Preprocessing } from "../data/normalise.ts";
import { batchTransforms } from "../data/batch_transform.ts";
import type { Backbone } from "../model/weights.ts";
import type { Tensor } from "../model/tensor.ts";
import { chunked } from "./batches.ts";
import type { Box } from "./photo.ts";
import type { PhotoSet, StageTools } from "./stage.ts";

/** A photo to decode: where it is, and what is left of it after trimming. */
export interface PhotoToRead {
  readonly set: PhotoSet;
  readonly id: string;
  readonly box: Box;
}

/** Some photos, and what each backbone takes of them: `[batch, 3, size, size]`. */
export interface PhotoBatch<Photo> {
  readonly photos: readonly Photo[];
  readonly inputs: readonly Tensor[];
}

/**
 * Decodes photos batch by batch, each photo once for all backbones. While a batch is being used the next one is
 * decoded, so that decoding costs no time of its own where the engine leaves a core free; no more than two batches are
 * held.
 */
export async function* photoBatches<Photo extends PhotoToRead>(
  photos: readonly Photo[],
  batchSize: number,
  backbones: readonly Backbone[],
  tools: Pick<StageTools, "photos" | "signal">,
): AsyncGenerator<PhotoBatch<Photo>> {
  const transforms = preprocessings(backbones);
  const decode = async (batch: readonly Photo[]): Promise<PhotoBatch<Photo>> => {
    const toTransform = batch.map(({ set, id, box }) => ({
      box,
      read: async () => await (await tools.photos(set)).read(id),
    }));
    return { photos: batch, inputs: await batchTransforms(toTransform, transforms) };
  };
  let ahead: Promise<PhotoBatch<Photo>> | undefined;
  for (const batch of chunked(photos, batchSize)) {
    tools.signal.throwIfAborted();
    const ready = await ahead;
    ahead = decode(batch);
    // A failure while the batch before is in use is thrown when this one is awaited, not as unhandled.
    ahead.catch(() => {});
    if (ready) yield ready;
  }
  if (ahead) yield await ahead;
}

/** How each backbone wants its photos: it came with the weights. */
export function preprocessings(backbones: readonly Backbone[]): Preprocessing[] {
  return backbones.map(({ description: { inputSize: size, mean, std } }) => ({ size, mean, std }));
}
