import sharp from "sharp";
import { withPixels } from "./decode.ts";
import { type Box, wholeBox } from "./pixels.ts";

/** The longer side of a thumbnail that stands in a page, in pixels. */
const THUMBNAIL_PIXELS = 180;

/** How a small picture is made. */
export interface ThumbnailSize {
  /** The longer side, in pixels; a smaller photo stays as it is. */
  readonly pixels: number;
  /** Of the JPEG, from 1 to 100. */
  readonly quality: number;
}

/**
 * A small JPEG of what is inside a photo's box, or of the whole photo where none is given.
 * @throws PhotoError when the bytes are no picture.
 */
export async function thumbnailJpeg(
  photo: Uint8Array,
  box: Box | undefined,
  { pixels, quality }: ThumbnailSize,
): Promise<Uint8Array<ArrayBuffer>> {
  return await withPixels(photo, async ({ width, height, data }) => {
    const jpeg = await sharp(data, { raw: { width, height, channels: 3 } })
      .extract(box ?? wholeBox({ width, height }))
      .resize(pixels, pixels, { fit: "inside", withoutEnlargement: true })
      .jpeg({ quality })
      .toBuffer();
    return new Uint8Array(jpeg);
  });
}

/**
 * A small JPEG of what is inside a photo's box, as a data URI that a page can hold.
 * @throws PhotoError when the bytes are no picture.
 */
export async function thumbnailUri(photo: Uint8Array, box: Box): Promise<string> {
  const jpeg = await thumbnailJpeg(photo, box, { pixels: THUMBNAIL_PIXELS, quality: 72 });
  return `data:image/jpeg;base64,${jpeg.toBase64()}`;
}
