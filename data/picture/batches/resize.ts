import sharp from "sharp";
import { assertBoxInside, type Box, type Pixels } from "../pixels.ts";
import { enlarge } from "./enlarge.ts";

/**
 * A box of a picture as a square of `size` pixels, squashed if need be: by a triangle filter widened by the scale, as
 * ONNX's linear Resize with antialias. libvips makes sides shorter: Pillow's BILINEAR differs by rounding (mean 0.2 of
 * 255) and at the edges, where libvips repeats the last pixel and Pillow narrows the filter. Making sides longer, libvips
 * lies up to half a source pixel aside, so that this is done here.
 * @param into where the square goes
 * @returns `[size, size, 3]` bytes.
 * @throws RangeError when the box does not lie inside the picture.
 */
export async function squarePixels(pixels: Pixels, box: Box, size: number, into?: Uint8Array): Promise<Uint8Array> {
  assertBoxInside(box, pixels);
  const { width, height, data } = pixels;
  const least = { width: Math.min(box.width, size), height: Math.min(box.height, size) };
  const shrunk = await sharp(data, { raw: { width, height, channels: 3 } })
    .extract({ left: box.left, top: box.top, width: box.width, height: box.height })
    .resize(least.width, least.height, { fit: "fill", kernel: "linear" })
    .raw()
    .toBuffer();
  return enlarge({ ...least, data: shrunk }, size, size, into).data;
}
