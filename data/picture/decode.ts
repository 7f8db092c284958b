import sharp from "sharp";
import { PhotoError } from "./photo_error.ts";
import { isCutShort, pictureFormat } from "./picture_format.ts";
import type { Pixels } from "./pixels.ts";

export { PhotoError } from "./photo_error.ts";

/** Larger pictures are refused: decoded, this many pixels take 300 MB. */
const MAXIMUM_PIXELS = 100_000_000;

// Photos are decoded once each and several at a time: a cache would only take memory, and threads inside one photo
// only wait for each other.
sharp.cache(false);
sharp.concurrency(1);

/**
 * Decodes a JPEG, PNG, WebP or GIF (its first frame) into upright 8-bit sRGB. The EXIF orientation is applied; grey,
 * CMYK and palette pictures become RGB; 16-bit becomes 8-bit; what is transparent is laid on white.
 * @throws PhotoError when the bytes are no picture, are cut short, or the decoder warns of damage.
 */
export async function decodePhoto(bytes: Uint8Array): Promise<Pixels> {
  if (bytes.length === 0) throw new PhotoError("empty: the file has no bytes");
  const format = pictureFormat(bytes);
  if (format === undefined) {
    throw new PhotoError("not a picture: the file does not begin like a JPEG, PNG, WebP or GIF");
  }
  try {
    const { data, info } = await sharp(bytes, { failOn: "warning", limitInputPixels: MAXIMUM_PIXELS, autoOrient: true })
      .flatten({ background: "#ffffff" })
      .toColourspace("srgb")
      .raw({ depth: "uchar" })
      .toBuffer({ resolveWithObject: true });
    return { width: info.width, height: info.height, data };
  } catch (thrown) {
    const message = thrown instanceof Error ? thrown.message : String(thrown);
    if (message.includes("pixel limit")) {
      throw new PhotoError(`too large: the picture has more than ${MAXIMUM_PIXELS / 1e6} million pixels`);
    }
    if (isCutShort(bytes, format)) throw new PhotoError(`truncated: the file ends before the ${format} picture does`);
    throw new PhotoError(`damaged: ${message.split("\n")[0]}`);
  }
}

/**
 * Width and height in pixels, upright, of a picture that decodes from beginning to end.
 * @throws PhotoError as `decodePhoto`: a header alone would not tell that the rest is missing.
 */
export async function measurePhoto(bytes: Uint8Array): Promise<Pick<Pixels, "width" | "height">> {
  const { width, height } = await decodePhoto(bytes);
  return { width, height };
}
