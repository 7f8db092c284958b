import { thumbnailJpeg, type ThumbnailSize } from "../../data/picture/thumbnail.ts";

/** No larger than windows are. */
const SIZE: ThumbnailSize = { pixels: 1600, quality: 88 };

/**
 * A photo as it is looked at: whole, upright, and no larger than windows are.
 * @throws PhotoError when the bytes are no picture.
 */
export async function pictureOf(bytes: Uint8Array): Promise<Uint8Array> {
  return await thumbnailJpeg(bytes, undefined, SIZE);
}
