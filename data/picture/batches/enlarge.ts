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
 * @throws RangeError when it is less.
 */
export function enlarge(pixels: Pixels, width: number, height: number): Pixels {
  if (width < pixels.width || height < pixels.height) {
    throw new RangeError(
      `Cannot enlarge a picture: expected ${pixels.width}x${pixels.height} or more, got ${width}x${height}`,
    );
  }
  const wide = width === pixels.width ? pixels : enlargeRows(pixels, width);
  return height === wide.height ? wide : enlargeColumns(wide, height);
}

/** Between which two of the pixels there are each new one lies, and the share that the second has in it. */
interface Places {
  readonly before: Int32Array;
  readonly behind: Int32Array;
  /** Of `WHOLE`. */
  readonly share: Int32Array;
}

function placesOf(from: number, to: number): Places {
  const before = new Int32Array(to), behind = new Int32Array(to), share = new Int32Array(to);
  for (let k = 0; k < to; k++) {
    const middle = (k + 0.5) * from / to - 0.5;
    const pixel = Math.floor(middle);
    before[k] = Math.max(pixel, 0);
    behind[k] = Math.min(pixel + 1, from - 1);
    share[k] = Math.round((middle - pixel) * WHOLE);
  }
  return { before, behind, share };
}

function enlargeRows({ width, height, data }: Pixels, to: number): Pixels {
  const { before, behind, share } = placesOf(width, to);
  const wide = new Uint8Array(to * height * CHANNELS);
  let index = 0;
  for (let row = 0; row < data.length; row += width * CHANNELS) {
    for (let k = 0; k < to; k++) {
      const first = row + before[k] * CHANNELS, second = row + behind[k] * CHANNELS;
      const part = share[k], rest = WHOLE - part;
      wide[index++] = (data[first] * rest + data[second] * part + HALF) >> WEIGHT_BITS;
      wide[index++] = (data[first + 1] * rest + data[second + 1] * part + HALF) >> WEIGHT_BITS;
      wide[index++] = (data[first + 2] * rest + data[second + 2] * part + HALF) >> WEIGHT_BITS;
    }
  }
  return { width: to, height, data: wide };
}

function enlargeColumns({ width, height, data }: Pixels, to: number): Pixels {
  const { before, behind, share } = placesOf(height, to);
  const stride = width * CHANNELS;
  const high = new Uint8Array(stride * to);
  let index = 0;
  for (let k = 0; k < to; k++) {
    let first = before[k] * stride, second = behind[k] * stride;
    const part = share[k], rest = WHOLE - part;
    for (const end = first + stride; first < end;) {
      high[index++] = (data[first++] * rest + data[second++] * part + HALF) >> WEIGHT_BITS;
    }
  }
  return { width, height: to, data: high };
}
