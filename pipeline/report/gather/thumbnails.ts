import type { z } from "zod";
import { thumbnailUri } from "../../../data/picture/thumbnail.ts";
import type { PhotoSource } from "../../../data/source/photo_source.ts";
import type { Box } from "../../../data/picture/pixels.ts";
import type { TrimmedPhotos } from "../../photos/photo.ts";
import type { PhotoSet } from "../../runner/stage.ts";

/** Gives a photo with its thumbnail; one that is gone since, or damaged, stays without. */
export type Shower = <Photo extends { readonly id: string }>(
  set: PhotoSet,
  photos: readonly Photo[],
) => Promise<(Photo & { readonly thumbnail?: string })[]>;

/**
 * Makes thumbnails of photos as they were trimmed.
 * @param source opens a set's photos
 */
export function shower(
  trim: z.infer<typeof TrimmedPhotos>,
  source: (set: PhotoSet) => Promise<Pick<PhotoSource, "read">>,
): Shower {
  const boxes = { train: boxesOf(trim.train), test: boxesOf(trim.test) };
  const thumbnail = async (set: PhotoSet, id: string): Promise<{ readonly thumbnail?: string }> => {
    const box = boxes[set].get(id);
    if (!box) return {};
    try {
      return { thumbnail: await thumbnailUri(await (await source(set)).read(id), box) };
    } catch {
      return {};
    }
  };
  return (set, photos) => Promise.all(photos.map(async (photo) => ({ ...photo, ...await thumbnail(set, photo.id) })));
}

function boxesOf(photos: readonly { readonly id: string; readonly box: Box }[]): Map<string, Box> {
  return new Map(photos.map(({ id, box }) => [id, box]));
}
