import type { PixelBatch } from "../../base/pixel_batch.ts";
import { assertBoxInside, type Box, type Pixels } from "../pixels.ts";
import { enlarge } from "./enlarge.ts";
import { shrink } from "./shrink.ts";

/**
 * What `batchTransform` makes of one photo, where there is no libvips, within two of 255: a batch of one for each size.
 * @throws RangeError when the box does not lie inside the picture.
 */
export function plainSquares(pixels: Pixels, box: Box, sizes: readonly number[]): PixelBatch[] {
  const inside = cutOut(pixels, box);
  return sizes.map((size): PixelBatch => {
    const small = shrink(inside, Math.min(box.width, size), Math.min(box.height, size));
    return { shape: [1, size, size, 3], data: enlarge(small, size, size).data };
  });
}

function cutOut(pixels: Pixels, box: Box): Pixels {
  assertBoxInside(box, pixels);
  const { width, height } = box;
  const data = new Uint8Array(width * height * 3);
  for (let row = 0; row < height; row++) {
    const start = ((box.top + row) * pixels.width + box.left) * 3;
    data.set(pixels.data.subarray(start, start + width * 3), row * width * 3);
  }
  return { width, height, data };
}
