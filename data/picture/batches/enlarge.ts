import type { Pixels } from "../pixels.ts";

const CHANNELS = 3;

/** Weights are whole numbers of this many bits, and what they sum up to is rounded: Pillow's arithmetic, to the byte. */
const WEIGHT_BITS = 22;
const WHOLE = 1 << WEIGHT_BITS;
const HALF = 1 << (WEIGHT_BITS - 1);

/**
 * A picture made larger, or as large: between the middles of the pixels that are there, first along the rows and then
 * along the columns. Both equal Pillow's BILINEAR byte for byte.
 * @param width no less than the picture's, as the height is
 * @param into where the larger picture's pixels go
 * @throws RangeError when it is less.
 */
export function enlarge(
  pixels: Pixels,
  width: number,
  height: number,
  into: Uint8Array = new Uint8Array(width * height * CHANNELS),
): Pixels {
  if (width < pixels.width || height < pixels.height) {
    throw new RangeError(
      `Cannot enlarge a picture: expected ${pixels.width}x${pixels.height} or more, got ${width}x${height}`,
    );
  }
  const widens = width > pixels.width, heightens = height > pixels.height;
  const wide = widens ? enlargeRows(pixels, width, heightens ? scratchOf(width * pixels.height) : into) : pixels;
  if (heightens) enlargeColumns(wide, height, into);
  else if (!widens) into.set(pixels.data);
  return { width, height, data: into };
}

/** What is between the two steps; fresh memory for each photo would cost more than the step. */
let scratch = new Uint8Array();

function scratchOf(pixels: number): Uint8Array {
  if (scratch.length < pixels * CHANNELS) scratch = new Uint8Array(pixels * CHANNELS);
  return scratch;
}

/** Between which two of the pixels that are there each new one lies, and the share that the second has in it. */
interface Places {
  /** Where the two begin. */
  readonly before: Int32Array;
  readonly behind: Int32Array;
  /** Of `WHOLE`. */
  readonly share: Int32Array;
}

/** @param step from one pixel to the next */
function placesOf(from: number, to: number, step: number): Places {
  const before = new Int32Array(to), behind = new Int32Array(to), share = new Int32Array(to);
  for (let k = 0; k < to; k++) {
    const middle = (k + 0.5) * from / to - 0.5;
    const pixel = Math.floor(middle);
    before[k] = Math.max(pixel, 0) * step;
    behind[k] = Math.min(pixel + 1, from - 1) * step;
    share[k] = Math.round((middle - pixel) * WHOLE);
  }
  return { before, behind, share };
}

function between(first: number, second: number, share: number): number {
  return first + ((Math.imul(second - first, share) + HALF) >> WEIGHT_BITS);
}

function enlargeRows({ width, height, data }: Pixels, to: number, wide: Uint8Array): Pixels {
  const { before, behind, share } = placesOf(width, to, CHANNELS);
  let index = 0;
  for (let row = 0; row < data.length; row += width * CHANNELS) {
    for (let k = 0; k < to; k++) {
      const first = row + before[k], second = row + behind[k], part = share[k];
      wide[index++] = between(data[first], data[second], part);
      wide[index++] = between(data[first + 1], data[second + 1], part);
      wide[index++] = between(data[first + 2], data[second + 2], part);
    }
  }
  return { width: to, height, data: wide };
}

function enlargeColumns({ width, height, data }: Pixels, to: number, high: Uint8Array): void {
  const stride = width * CHANNELS;
  const { before, behind, share } = placesOf(height, to, stride);
  let index = 0;
  for (let k = 0; k < to; k++) {
    const first = before[k], second = behind[k], part = share[k];
    for (let at = 0; at < stride; at++) high[index++] = between(data[first + at], data[second + at], part);
  }
}
