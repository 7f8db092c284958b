import sharp from "sharp";
import { assertBoxInside, type Box, type Pixels } from "../pixels.ts";

/**
 * A box of a picture as a square of `size` pixels, squashed if need be. A triangle filter widened by the scale, which is
 * what Pillow calls BILINEAR: shrinking, the two differ by rounding
 * (mean 0.2 of 255); enlarging, libvips lies up to half a source pixel aside.
 * @returns `[size, size, 3]` bytes.
 * @throws RangeError when the box does not lie inside the picture.
 */
export async function squarePixels(pixels: Pixels, box: Box, size: number): Promise<Uint8Array> {
  assertBoxInside(box, pixels);
  const { width, height, data } = pixels;
  return await sharp(data, { raw: { width, height, channels: 3 } })
    .extract({ left: box.left, top: box.top, width: box.width, height: box.height })
    .resize(size, size, { fit: "fill", kernel: "linear" })
    .raw()
    .toBuffer();
}
