import { assertBoxInside, type Box, type Pixels, wholeBox } from "../pixels.ts";

/** The grey picture that is hashed has this many pixels on a side. */
const GRID = 32;
/** Of its frequencies, this many are kept on each axis: one bit each. */
const FREQUENCIES = 16;
/** Bits of a hash; its text has a quarter as many hexadecimal digits. */
export const HASH_BITS = FREQUENCIES * FREQUENCIES;

/** `[FREQUENCIES, GRID]`: the lowest rows of the DCT-II matrix, without scaling. */
const COSINES = Float64Array.from({ length: FREQUENCIES * GRID }, (_, index) => {
  const frequency = Math.floor(index / GRID);
  return Math.cos(Math.PI * (2 * (index % GRID) + 1) * frequency / (2 * GRID));
});

/**
 * A hash that stays nearly the same when a picture is saved, scaled or lit otherwise: which of the lowest 16x16
 * frequencies of the picture's discrete cosine transform are above their median (after C. Zauner, "Implementation and
 * Benchmarking of Perceptual Image Hash Functions", 2010, with 256 bits for his 64).
 * @param box the part that is hashed: what is left after trimming, so that a copy with a border has the same hash.
 * @returns 64 hexadecimal digits, to be compared by `hammingDistance`.
 */
export function perceptualHash(pixels: Pixels, box: Box = wholeBox(pixels)): string {
  assertBoxInside(box, pixels);
  const spectrum = lowFrequencies(greyGrid(pixels, box));
  const sorted = spectrum.toSorted();
  const median = (sorted[HASH_BITS / 2 - 1] + sorted[HASH_BITS / 2]) / 2;
  let hash = "";
  for (let index = 0; index < HASH_BITS; index += 4) {
    let digit = 0;
    for (let bit = 0; bit < 4; bit++) digit = digit << 1 | (spectrum[index + bit] > median ? 1 : 0);
    hash += digit.toString(16);
  }
  return hash;
}

/** In how many bits two hashes of equal length differ. */
export function hammingDistance(first: string, second: string): number {
  const a = hashWords(first);
  const b = hashWords(second);
  return a.reduce((distance, word, index) => distance + countBits(word ^ b[index]), 0);
}

/**
 * A hash as eight 32-bit words.
 * @throws RangeError when the text is not 64 hexadecimal digits.
 */
export function hashWords(hash: string): Uint32Array {
  if (!/^[0-9a-f]{64}$/i.test(hash)) {
    throw new RangeError(`Cannot read a perceptual hash: expected 64 hexadecimal digits, got "${hash}"`);
  }
  return Uint32Array.from(
    { length: HASH_BITS / 32 },
    (_, word) => Number.parseInt(hash.slice(word * 8, word * 8 + 8), 16),
  );
}

/** How many bits of a 32-bit word are set (H. S. Warren, "Hacker's Delight", section 5-1). */
export function countBits(word: number): number {
  let bits = word - (word >>> 1 & 0x55555555);
  bits = (bits & 0x33333333) + (bits >>> 2 & 0x33333333);
  return Math.imul(bits + (bits >>> 4) & 0x0f0f0f0f, 0x01010101) >>> 24;
}

/** `[GRID, GRID]`: mean luma (ITU-R BT.601) of each cell; cells of a picture smaller than the grid share pixels. */
function greyGrid({ width, data }: Pixels, box: Box): Float64Array {
  const grid = new Float64Array(GRID * GRID);
  for (let row = 0; row < GRID; row++) {
    const [top, bottom] = cell(row, box.top, box.height);
    for (let column = 0; column < GRID; column++) {
      const [left, right] = cell(column, box.left, box.width);
      let sum = 0;
      for (let y = top; y < bottom; y++) {
        for (let index = (y * width + left) * 3; index < (y * width + right) * 3; index += 3) {
          sum += 0.299 * data[index] + 0.587 * data[index + 1] + 0.114 * data[index + 2];
        }
      }
      grid[row * GRID + column] = sum / ((bottom - top) * (right - left));
    }
  }
  return grid;
}

function cell(index: number, start: number, extent: number): [begin: number, end: number] {
  return [start + Math.floor(index * extent / GRID), start + Math.ceil((index + 1) * extent / GRID)];
}

/**
 * `[FREQUENCIES, FREQUENCIES]`: DCT-II of the grid, in steps of one grey level, so that a flat picture has no
 * frequencies but the lowest, instead of rounding errors.
 */
function lowFrequencies(grid: Float64Array): Float64Array {
  const rows = new Float64Array(GRID * FREQUENCIES);
  for (let y = 0; y < GRID; y++) {
    for (let frequency = 0; frequency < FREQUENCIES; frequency++) {
      let sum = 0;
      for (let x = 0; x < GRID; x++) sum += grid[y * GRID + x] * COSINES[frequency * GRID + x];
      rows[y * FREQUENCIES + frequency] = sum;
    }
  }
  const spectrum = new Float64Array(HASH_BITS);
  for (let vertical = 0; vertical < FREQUENCIES; vertical++) {
    for (let horizontal = 0; horizontal < FREQUENCIES; horizontal++) {
      let sum = 0;
      for (let y = 0; y < GRID; y++) sum += rows[y * FREQUENCIES + horizontal] * COSINES[vertical * GRID + y];
      spectrum[vertical * FREQUENCIES + horizontal] = Math.round(2 * sum / GRID);
    }
  }
  return spectrum;
}
