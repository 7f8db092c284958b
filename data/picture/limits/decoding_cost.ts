import type { DepthEnum, Metadata } from "sharp";

/** Of what is decoded: red, green and blue, a byte each. */
const DECODED_BYTES = 3;

/**
 * The most bytes that a pixel takes but in a TIFF, AVIF or HEIC: red, green, blue and transparency of 16 bits each, as a
 * whole and turned.
 */
export const WORST_COST = DECODED_BYTES + 8 + 8;

/** What the memory that decoding takes depends on, as a picture's beginning tells it. */
export type PictureHeader = Pick<
  Metadata,
  "width" | "height" | "channels" | "depth" | "format" | "isProgressive" | "orientation"
>;

/** Bytes of a number as a picture stores it. */
const STORED_BYTES: Readonly<Record<keyof DepthEnum, number>> = {
  char: 1,
  uchar: 1,
  short: 2,
  ushort: 2,
  int: 4,
  uint: 4,
  float: 4,
  complex: 8,
  double: 8,
  dpcomplex: 16,
};

/**
 * Bytes that decoding a picture takes: the decoded pixels, and what the decoder keeps of it beside them. Plain JPEGs and
 * PNGs are decoded line by line. Progressive JPEGs keep two bytes of coefficients a sample, interlaced PNGs, GIFs and
 * WebPs all of the picture, TIFFs a strip, which may be all of it, and turning it upright takes a copy. Measured on
 * pictures of 100 million pixels, in bytes a pixel beside the 3: PNG of 16 bits with transparency .6, interlaced 8.1,
 * turned 6.1; JPEG turned 3.2, progressive 6.2, both 3.2; GIF 4.3; WebP 5.1. AVIF, of 64 million pixels, 14.5, and 19.5
 * with more than 8 bits.
 */
export function decodingCost({ width, height, channels, depth, format, isProgressive, orientation }: PictureHeader) {
  const stored = channels * STORED_BYTES[depth];
  if (format === "heif") return width * height * (DECODED_BYTES + 11 + channels * (stored > channels ? 3 : 1.5));
  const lineByLine = (format === "jpeg" || format === "png") && !isProgressive;
  const whole = lineByLine ? 0 : Math.max(stored, 2 * channels);
  const copy = (orientation ?? 1) > 1 ? stored : 0;
  return width * height * (DECODED_BYTES + whole + copy);
}
