import sharp, { type Sharp } from "sharp";
import { decodingCost, type PictureHeader } from "./limits/decoding_cost.ts";
import {
  DECODING_BYTES,
  type DecodingMemory,
  decodingMemory,
  SMALL_BYTES,
  SMALL_PIXELS,
} from "./limits/decoding_memory.ts";
import { countScans } from "./limits/jpeg_scans.ts";
import { MAXIMUM_PIXELS } from "./limits/maximum_pixels.ts";
import { firstLineOf, messageOf } from "../base/message_of.ts";
import { PhotoError } from "../photo_error.ts";
import { foreignFormat } from "./limits/foreign_format.ts";
import { isCutShort, PICTURE_FORMATS, type PictureFormat, pictureFormat } from "./limits/picture_format.ts";
import { heicHeader } from "./heic/heic_header.ts";
import { unpackHeic, unpackingCost } from "./heic/unpack_heic.ts";
import type { Pixels } from "./pixels.ts";

export { PhotoError } from "../photo_error.ts";

/** Formats of which small pictures may take more than the worst of the others: their headers are looked at first. */
const LOOKED_AT_FIRST: readonly PictureFormat[] = ["TIFF", "AVIF"];

/**
 * A JPEG's decoder passes over all of the picture for each scan, and cannot be stopped meanwhile: 100 scans of the largest
 * picture take 10 seconds. Programs write about ten.
 */
const MAXIMUM_SCANS = 100;

/** The largest picture decodes in 10 seconds on one core; what takes this long was made to. */
const MAXIMUM_SECONDS = 120;

/** What a test may set tighter, and a worker has from whoever asks it. */
export interface DecodingLimits {
  /** A whole number of seconds from 1 on that decoding a picture may take. */
  readonly seconds: number;
  readonly memory: DecodingMemory;
}

const LIMITS: DecodingLimits = { seconds: MAXIMUM_SECONDS, memory: decodingMemory };

// Photos are decoded once each and several at a time: a cache would only take memory, and threads inside one photo
// only wait for each other.
sharp.cache(false);
sharp.concurrency(1);

/**
 * Decodes a JPEG, PNG, WebP, GIF, TIFF, AVIF or HEIC (its first frame or page, or the one that the file says is its main
 * one) into upright 8-bit sRGB. The EXIF orientation is applied; grey, CMYK and palette pictures become RGB; more bits
 * become 8; what is transparent is laid on white. Decoding waits until the memory that it takes is free, beside what
 * else is being decoded.
 * @throws PhotoError when the bytes are no picture, are cut short, unfold to too much, takes too long, or the decoder
 * warns of damage.
 */
export async function decodePhoto(bytes: Uint8Array, limits: Partial<DecodingLimits> = {}): Promise<Pixels> {
  return await withinBudget(bytes, { ...LIMITS, ...limits }, (pixels) => Promise.resolve(pixels));
}

/**
 * Decodes a picture as `decodePhoto` and lends its pixels: when `use` has ended they are gone, at once and not whenever
 * garbage is collected next, and until then they count among what is being decoded.
 * @param use nothing of it may go on with the pixels after it has ended.
 */
export async function withPixels<R>(
  bytes: Uint8Array,
  use: (pixels: Pixels) => Promise<R> | R,
  memory = decodingMemory,
): Promise<R> {
  return await withinBudget(bytes, { ...LIMITS, memory }, async (pixels) => {
    try {
      return await use(pixels);
    } finally {
      const { buffer } = pixels.data;
      if (buffer instanceof ArrayBuffer) buffer.transfer(0);
    }
  });
}

/** A picture has more pixels than it was opened for. */
class MorePixels extends Error {}

/** Decodes a picture and uses its pixels when the memory for both is free. */
async function withinBudget<R>(
  bytes: Uint8Array,
  limits: DecodingLimits,
  use: (pixels: Pixels) => Promise<R>,
): Promise<R> {
  if (bytes.length === 0) throw new PhotoError("empty: the file has no bytes");
  const format = pictureFormat(bytes);
  if (format === undefined) throw notRead(bytes);
  if (format === "HEIC") return await withinBudgetOfHeic(bytes, limits, use);
  const picture = { bytes, format, limits };
  if (!LOOKED_AT_FIRST.includes(format)) {
    try {
      return await limits.memory.hold(SMALL_BYTES, async () => await use(await decode(picture, SMALL_PIXELS)));
    } catch (thrown) {
      if (!(thrown instanceof MorePixels)) throw thrown;
    }
  }
  const cost = affordable(await readable(picture, () => open(picture, Infinity).metadata()), bytes);
  return await limits.memory.hold(cost, async () => await use(await decode(picture, MAXIMUM_PIXELS)));
}

/** Unpacks a HEIC, which sharp's build cannot, and decodes what comes out. */
async function withinBudgetOfHeic<R>(
  bytes: Uint8Array,
  limits: DecodingLimits,
  use: (pixels: Pixels) => Promise<R>,
): Promise<R> {
  const header = heicHeader(bytes);
  assertPixels(header.pixels);
  const { perPhoto, always } = unpackingCost(header);
  assertAffordable(perPhoto);
  return await limits.memory.hold(perPhoto + always, async () => {
    const tiff = await unpackHeic(bytes, header, { seconds: limits.seconds, pixels: MAXIMUM_PIXELS });
    return await use(await decode({ bytes: tiff, format: "TIFF", limits }, MAXIMUM_PIXELS));
  });
}

/** Why a file is not read that does not begin like a picture that is. */
function notRead(bytes: Uint8Array): PhotoError {
  const foreign = foreignFormat(bytes);
  const formats = `${PICTURE_FORMATS.slice(0, -1).join(", ")} or ${PICTURE_FORMATS.at(-1)}`;
  return new PhotoError(
    foreign === undefined
      ? `not a picture: the file does not begin like a ${formats}`
      : `not read here: the file is ${foreign}. Save it as JPEG or PNG`,
  );
}

/** A file that begins like a picture. */
interface Picture {
  readonly bytes: Uint8Array;
  readonly format: PictureFormat;
  readonly limits: DecodingLimits;
}

/** A picture that is opened, to be decoded upright and within limits. */
function open({ bytes, limits }: Picture, pixels: number): Sharp {
  return sharp(bytes, { failOn: "warning", limitInputPixels: Number.isFinite(pixels) && pixels, autoOrient: true })
    .timeout({ seconds: limits.seconds });
}

async function decode(picture: Picture, maximumPixels: number): Promise<Pixels> {
  const { data, info } = await readable(picture, () =>
    open(picture, maximumPixels)
      .flatten({ background: "#ffffff" })
      .toColourspace("srgb")
      .raw({ depth: "uchar" })
      .toBuffer({ resolveWithObject: true }));
  return { width: info.width, height: info.height, data };
}

/** @throws PhotoError when a picture unfolds to more than is decoded at all, or takes its decoder too long. */
function affordable(header: PictureHeader, bytes: Uint8Array): number {
  assertPixels(header.width * header.height);
  if (header.format === "jpeg" && header.isProgressive && countScans(bytes) > MAXIMUM_SCANS) {
    throw new PhotoError(`too slow: the JPEG picture has more than ${MAXIMUM_SCANS} scans`);
  }
  const cost = decodingCost(header);
  assertAffordable(cost);
  return cost;
}

function assertPixels(pixels: number): void {
  if (pixels <= MAXIMUM_PIXELS) return;
  throw new PhotoError(`too large: the picture has more than ${MAXIMUM_PIXELS / 1e6} million pixels`);
}

function assertAffordable(cost: number): void {
  if (cost <= DECODING_BYTES) return;
  const gigabytes = (bytes: number) => (bytes / 1e9).toFixed(1);
  throw new PhotoError(`too large: decoding it takes ${gigabytes(cost)} GB, more than ${gigabytes(DECODING_BYTES)} GB`);
}

/**
 * Has the decoder read some of a picture, and says in our own words what it finds wrong.
 * @throws MorePixels when there are more than the decoder was told to expect.
 */
async function readable<R>({ bytes, format, limits }: Picture, read: () => Promise<R>): Promise<R> {
  try {
    return await read();
  } catch (thrown) {
    const message = messageOf(thrown);
    if (message.includes("pixel limit")) throw new MorePixels(message);
    if (message.includes("timeout")) {
      throw new PhotoError(`too slow: the picture was not decoded within ${limits.seconds} s`);
    }
    if (isCutShort(bytes, format)) throw new PhotoError(`truncated: the file ends before the ${format} picture does`);
    throw new PhotoError(`damaged: ${firstLineOf(thrown)}`);
  }
}
