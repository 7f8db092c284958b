import { chunk } from "@std/collections/chunk";
import { entryOf } from "../../../data/base/entry_of.ts";
import type { PixelBatch } from "../../../data/base/pixel_batch.ts";
import { batchTransform } from "../../../data/picture/batches/batch_transform.ts";
import type { Box } from "../../../data/picture/pixels.ts";
import type { Backbone } from "../../../model/weights/backbone.ts";
import type { Photo, TrimmedPhoto } from "../../photos/photo.ts";
import { readScanned } from "../../runner/read_scanned.ts";
import type { PhotoSet, StageTools } from "../../runner/stage.ts";

/** A photo to decode: where it is, what it was when it was scanned, and what is left of it after trimming. */
export interface PhotoToRead extends Pick<Photo, "id" | "bytes" | "sha256"> {
  readonly set: PhotoSet;
  readonly box: Box;
}

/**
 * Photos of a set, with what is left of them after trimming.
 * @throws RangeError for a photo that was not trimmed.
 */
export function photosToRead(
  set: PhotoSet,
  scanned: readonly Photo[],
  trimmed: readonly TrimmedPhoto[],
): PhotoToRead[] {
  const boxes = new Map(trimmed.map(({ id, box }) => [id, box]));
  return scanned.map(({ id, bytes, sha256 }) => ({ set, id, bytes, sha256, box: entryOf(boxes, id, "a photo's box") }));
}

/** Some photos, and what each backbone takes of them: bytes, `[batch, size, size, 3]`. */
export interface DecodedBatch<Read> {
  readonly photos: readonly Read[];
  readonly inputs: readonly PixelBatch[];
}

/**
 * Decodes photos batch by batch, each photo once for all backbones. While a batch is being used the next one is
 * decoded, so that decoding costs no time of its own where the engine leaves a core free. It holds the one that is
 * decoded and the one that was given last.
 * @throws UserError when a photo is no longer what it was when it was scanned.
 */
export async function* photoBatches<Read extends PhotoToRead>(
  photos: readonly Read[],
  batchSize: number,
  backbones: readonly Backbone[],
  tools: Pick<StageTools, "photos" | "signal">,
): AsyncGenerator<DecodedBatch<Read>> {
  const sizes = photoSizes(backbones);
  const decode = async (batch: readonly Read[]): Promise<DecodedBatch<Read>> => {
    const toTransform = batch.map((photo) => ({
      bytes: photo.bytes,
      box: photo.box,
      read: () => readScanned(photo.set, photo, tools),
    }));
    return { photos: batch, inputs: await batchTransform(toTransform, sizes) };
  };
  let ahead: Promise<DecodedBatch<Read>> | undefined;
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
