import { entryOf } from "../../../data/base/entry_of.ts";
import type { Box } from "../../../data/picture/pixels.ts";
import type { Photo, TrimmedPhoto } from "../../photos/photo.ts";
import { readScanned } from "../../runner/read_scanned.ts";
import type { PhotoSet, StageTools } from "../../runner/stage.ts";
import type { PhotoToExtract } from "./extracted_batches.ts";

/** A run's photo, to be read as it was scanned and trimmed. */
export interface ScannedPhoto extends PhotoToExtract {
  readonly set: PhotoSet;
  readonly id: string;
  readonly sha256: string;
  readonly box: Box;
}

/**
 * A run's photos with what was found of each. Reading one throws a UserError when it is no longer what it was when it
 * was scanned.
 * @throws RangeError when one was not trimmed.
 */
export function scannedPhotos(
  set: PhotoSet,
  scanned: readonly Photo[],
  trimmed: readonly Pick<TrimmedPhoto, "id" | "box">[],
  tools: Pick<StageTools, "photos">,
): ScannedPhoto[] {
  const boxes = new Map(trimmed.map(({ id, box }) => [id, box]));
  return scanned.map(({ id, bytes, sha256 }) => {
    const box = entryOf(boxes, id, "the box of a photo");
    return { set, id, name: id, bytes, sha256, box, read: () => readScanned(set, { id, sha256 }, tools) };
  });
}
