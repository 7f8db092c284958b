import sharp from "sharp";
import { withPixels } from "./decode.ts";
import type { Box } from "./pixels.ts";

/** The longer side of a thumbnail, in pixels. */
const THUMBNAIL_PIXELS = 180;

/**
 * A small JPEG of what is inside a photo's box, as a data URI that a page can hold.
 * @throws PhotoError when the bytes are no picture.
 */
export async function thumbnailUri(photo: Uint8Array, box: Box): Promise<string> {
  const jpeg = await withPixels(
    photo,
    async ({ width, height, data }) =>
      await sharp(data, { raw: { width, height, channels: 3 } })
        .extract(box)
        .resize(THUMBNAIL_PIXELS, THUMBNAIL_PIXELS, { fit: "inside", withoutEnlargement: true })
        .jpeg({ quality: 72 })
        .toBuffer(),
  );
  return `data:image/jpeg;base64,${jpeg.toString("base64")}`;
}
