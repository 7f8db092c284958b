import type { Pixels } from "../pixels.ts";

const CHANNELS = 3;

/** Places between two pixels are told apart this finely, as libvips does. */
const PLACES = 64;

/** Weights are whole numbers of this many bits, and what they sum up to is rounded. */
const WEIGHT_BITS = 12;
const WHOLE = 1 << WEIGHT_BITS;
const HALF = 1 << (WEIGHT_BITS - 1);

/** As often as this goes into a scale, so many whole pixels are averaged first. */
const GAP = 2;

/**
 * A picture made smaller, or as large, by a triangle filter widened by the scale: what libvips' `resize` with the kernel
 * `linear` gives, in plain code for where there is no libvips. The columns first, then the rows; beyond the edge the last
 * pixel is repeated.
 * @param width no more than the picture's, as the height is
 * @throws RangeError when it is more.
 */
export function shrink(pixels: Pixels, width: number, height: number): Pixels {
  if (width > pixels.width || height > pixels.height) {
    throw new RangeError(
      `Cannot shrink a picture: expected ${pixels.width}x${pixels.height} or less, got ${width}x${height}`,
    );
  }
  const low = shrinkAxis(pixels.data, pixels.height, height, pixels.width * CHANNELS);
  return { width, height, data: shrinkAxis(low, pixels.width, width, CHANNELS) };
}

/** Shrinks the middle axis of bytes `[lines, from, bytes]` to `[lines, to, bytes]`. */
function shrinkAxis(data: Uint8Array, from: number, to: number, bytes: number): Uint8Array {
  if (from === to) return data;
  const group = Math.max(1, Math.floor(from / to / GAP));
  const averaged = group === 1 ? data : averageGroups(data, from, group, bytes);
  return weigh(averaged, Math.ceil(from / group), to, bytes, from / to / group);
}

/** Means of so many pixels each; where the last group is not whole, the last pixel is repeated. */
function averageGroups(data: Uint8Array, from: number, group: number, bytes: number): Uint8Array {
  const to = Math.ceil(from / group);
  const lines = data.length / from / bytes;
  const means = new Uint8Array(lines * to * bytes);
  const sums = new Uint32Array(bytes);
  for (let line = 0; line < lines; line++) {
    for (let k = 0; k < to; k++) {
      sums.fill(group >> 1);
      for (let j = k * group; j < (k + 1) * group; j++) {
        const start = (line * from + Math.min(j, from - 1)) * bytes;
        for (let at = 0; at < bytes; at++) sums[at] += data[start + at];
      }
      const start = (line * to + k) * bytes;
      for (let at = 0; at < bytes; at++) means[start + at] = Math.floor(sums[at] / group);
    }
  }
  return means;
}

/** Sums of pixels by the filter's weights. */
function weigh(data: Uint8Array, from: number, to: number, bytes: number, scale: number): Uint8Array {
  if (scale === 1) return data;
  const reach = Math.round(scale);
  const lines = data.length / from / bytes;
  const weighed = new Uint8Array(lines * to * bytes);
  const masks = Array.from({ length: PLACES + 1 }, (_, place) => weightsAt(place / PLACES, reach, scale));
  const sums = new Int32Array(bytes);
  for (let k = 0; k < to; k++) {
    const middle = (k + 0.5) * scale;
    const first = Math.floor(middle) - reach;
    const mask = masks[(Math.floor(middle * PLACES * 2) % (PLACES * 2) + 1) >> 1];
    for (let line = 0; line < lines; line++) {
      sums.fill(HALF);
      for (const [j, weight] of mask.entries()) {
        const start = (line * from + Math.min(Math.max(first + j, 0), from - 1)) * bytes;
        for (let at = 0; at < bytes; at++) sums[at] += data[start + at] * weight;
      }
      const start = (line * to + k) * bytes;
      for (let at = 0; at < bytes; at++) weighed[start + at] = sums[at] >> WEIGHT_BITS;
    }
  }
  return weighed;
}

/** The weights of the pixels around a place, whole numbers that sum to `WHOLE`. */
function weightsAt(place: number, reach: number, scale: number): Int32Array {
  const half = place + reach - 0.5;
  const exact = Float64Array.from(
    { length: 2 * reach + 1 },
    (_, j) => Math.max(0, 1 - Math.abs((j - half) / scale)),
  );
  const sum = exact.reduce((total, weight) => total + weight);
  const wanted = exact.map((weight) => weight / sum * WHOLE);
  const weights = Int32Array.from(wanted, Math.round);
  let missing = WHOLE - weights.reduce((total, weight) => total + weight);
  while (missing !== 0) {
    const step = Math.sign(missing);
    const errors = wanted.map((weight, j) => step * (weight - weights[j]));
    weights[errors.indexOf(Math.max(...errors))] += step;
    missing -= step;
  }
  return weights;
}
