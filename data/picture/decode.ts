import sharp, { type Sharp } from "sharp";
import { decodingCost, type PictureHeader } from "./decoding_cost.ts";
import { MemoryBudget } from "./memory_budget.ts";
import { PhotoError } from "../photo_error.ts";
import { isCutShort, type PictureFormat, pictureFormat } from "./picture_format.ts";
import type { Pixels } from "./pixels.ts";

export { PhotoError } from "../photo_error.ts";

/** Larger pictures are refused: decoded, this many pixels take 300 MB. */
const MAXIMUM_PIXELS = 100_000_000;

/**
 * Bytes that all decoding under way takes at once, by `decodingCost`. It is what a progressive, turned JPEG of as many
 * pixels as are decoded takes; what takes more alone is refused. With the rest of a run it stays under 2 GB.
 */
const DECODING_BYTES = 12 * MAXIMUM_PIXELS;

/** The largest picture decodes in 5 seconds on one core; what takes this long was made to. */
const MAXIMUM_SECONDS = 120;

// Photos are decoded once each and several at a time: a cache would only take memory, and threads inside one photo
// only wait for each other.
sharp.cache(false);
sharp.concurrency(1);

const decoding = new MemoryBudget(DECODING_BYTES);

/**
 * Decodes a JPEG, PNG, WebP or GIF (its first frame) into upright 8-bit sRGB. The EXIF orientation is applied; grey,
 * CMYK and palette pictures become RGB; 16-bit becomes 8-bit; what is transparent is laid on white. Decoding waits until
 * the memory that it takes is free, beside what else is being decoded.
 * @throws PhotoError when the bytes are no picture, are cut short, unfold to too much, or the decoder warns of damage.
 */
export async function decodePhoto(bytes: Uint8Array): Promise<Pixels> {
  return await withinBudget(bytes, (pixels) => Promise.resolve(pixels));
}

/**
 * Decodes a picture as `decodePhoto` and lends its pixels: when `use` has ended they are gone, at once and not whenever
 * garbage is collected next, and until then they count among what is being decoded.
 * @param use nothing of it may go on with the pixels after it has ended.
 */
export async function withPixels<R>(bytes: Uint8Array, use: (pixels: Pixels) => Promise<R> | R): Promise<R> {
  return await withinBudget(bytes, async (pixels) => {
    try {
      return await use(pixels);
    } finally {
      const { buffer } = pixels.data;
      if (buffer instanceof ArrayBuffer) buffer.transfer(0);
    }
  });
}

/** A picture that is opened, to be decoded upright and within limits. */
function openPicture(bytes: Uint8Array): Sharp {
  return sharp(bytes, { failOn: "warning", limitInputPixels: MAXIMUM_PIXELS, autoOrient: true })
    .timeout({ seconds: MAXIMUM_SECONDS });
}

/** Decodes a picture and uses its pixels when the memory for both is free. */
async function withinBudget<R>(bytes: Uint8Array, use: (pixels: Pixels) => Promise<R>): Promise<R> {
  if (bytes.length === 0) throw new PhotoError("empty: the file has no bytes");
  const format = pictureFormat(bytes);
  if (format === undefined) {
    throw new PhotoError("not a picture: the file does not begin like a JPEG, PNG, WebP or GIF");
  }
  const cost = affordable(await readable(bytes, format, () => openPicture(bytes).metadata()));
  return await decoding.hold(cost, async () => {
    const { data, info } = await readable(bytes, format, () =>
      openPicture(bytes)
        .flatten({ background: "#ffffff" })
        .toColourspace("srgb")
        .raw({ depth: "uchar" })
        .toBuffer({ resolveWithObject: true }));
    return await use({ width: info.width, height: info.height, data });
  });
}

/** @throws PhotoError when a picture unfolds to more than is decoded at all. */
function affordable(header: PictureHeader): number {
  if (header.width * header.height > MAXIMUM_PIXELS) throw tooManyPixels();
  const cost = decodingCost(header);
  if (cost <= DECODING_BYTES) return cost;
  const gigabytes = (bytes: number) => (bytes / 1e9).toFixed(1);
  throw new PhotoError(`too large: decoding it takes ${gigabytes(cost)} GB, more than ${gigabytes(DECODING_BYTES)} GB`);
}

function tooManyPixels(): PhotoError {
  return new PhotoError(`too large: the picture has more than ${MAXIMUM_PIXELS / 1e6} million pixels`);
}

/** Has the decoder read some of a picture, and says in our own words what it finds wrong. */
async function readable<R>(bytes: Uint8Array, format: PictureFormat, read: () => Promise<R>): Promise<R> {
  try {
    return await read();
  } catch (thrown) {
    const message = thrown instanceof Error ? thrown.message : String(thrown);
    if (message.includes("pixel limit")) throw tooManyPixels();
    if (message.includes("timeout")) {
      throw new PhotoError(`too slow: the picture was not decoded within ${MAXIMUM_SECONDS} s`);
    }
    if (isCutShort(bytes, format)) throw new PhotoError(`truncated: the file ends before the ${format} picture does`);
    throw new PhotoError(`damaged: ${message.split("\n")[0]}`);
  }
}
