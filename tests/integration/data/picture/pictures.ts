import sharp, { type Sharp } from "sharp";
import type { Box, Pixels } from "../../../../data/picture/pixels.ts";

/** A picture whose four corners differ: red, green, blue and grey quarters, so that every orientation shows. */
export function quarters(width: number, height: number): Pixels {
  const colours = [[200, 30, 30], [30, 180, 30], [30, 30, 190], [120, 120, 120]];
  const data = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      data.set(colours[(2 * y < height ? 0 : 2) + (2 * x < width ? 0 : 1)], (y * width + x) * 3);
    }
  }
  return { width, height, data };
}

/** Sharp's picture of raw pixels, to be encoded in whatever way a test wants. */
export function asSharp({ width, height, data }: Pixels): Sharp {
  return sharp(data, { raw: { width, height, channels: 3 } });
}

/** The mean absolute difference of two pictures of one size, of 255. */
export function meanDifference(first: Uint8Array, second: Uint8Array): number {
  if (first.length !== second.length) return Number.POSITIVE_INFINITY;
  let sum = 0;
  for (let index = 0; index < first.length; index++) sum += Math.abs(first[index] - second[index]);
  return sum / first.length;
}

/** The colour in the middle of one of a picture's quarters. */
export function colourAt({ width, height, data }: Pixels, across: number, down: number): number[] {
  const index = (Math.floor(height * down) * width + Math.floor(width * across)) * 3;
  return [...data.subarray(index, index + 3)];
}

/** A shaded and noisy picture, from dark to pale, inside a white border: in a JPEG, the white beside it rings. */
export function bordered(width: number, height: number, box: Box): Pixels {
  const data = new Uint8Array(width * height * 3).fill(255);
  let noise = width * 31 + height;
  for (let y = box.top; y < box.top + box.height; y++) {
    for (let x = box.left; x < box.left + box.width; x++) {
      noise = noise * 16807 % 2147483647;
      const shade = 100 + 70 * Math.sin(x / 9) * Math.cos(y / 7);
      data.set([shade + noise % 30, shade * 0.8 + noise % 23, shade * 0.6], (y * width + x) * 3);
    }
  }
  return { width, height, data };
}
