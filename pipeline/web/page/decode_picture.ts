import { MAXIMUM_PIXELS } from "../../../data/picture/limits/maximum_pixels.ts";
import type { Pixels } from "../../../data/picture/pixels.ts";

/** A picture as the pipeline decodes it, as far as a browser does: upright, in sRGB, what is transparent on white. */
export interface DecodedPicture {
  readonly pixels: Pixels;
  /** The same as an image's address. */
  readonly address: string;
}

/** @throws Error that says in a few words why it is not read. */
export async function decodePicture(file: Blob): Promise<DecodedPicture> {
  const bitmap = await createImageBitmap(file, { imageOrientation: "from-image" }).catch(() => {
    throw new Error("this browser cannot read it as a picture");
  });
  const { width, height } = bitmap;
  if (width * height > MAXIMUM_PIXELS) {
    throw new Error(`the picture has more than ${MAXIMUM_PIXELS / 1e6} million pixels`);
  }
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext("2d", { alpha: false, colorSpace: "srgb", willReadFrequently: true });
  if (!context) throw new Error("this browser has no memory left for a picture of its size");
  context.fillStyle = "#ffffff";
  context.fillRect(0, 0, width, height);
  context.drawImage(bitmap, 0, 0);
  bitmap.close();
  const { data } = context.getImageData(0, 0, width, height);
  return { pixels: { width, height, data: withoutAlpha(data) }, address: URL.createObjectURL(file) };
}

function withoutAlpha(data: Uint8ClampedArray): Uint8Array {
  const colours = new Uint8Array(data.length / 4 * 3);
  for (let from = 0, to = 0; from < data.length; from += 4, to += 3) {
    colours[to] = data[from];
    colours[to + 1] = data[from + 1];
    colours[to + 2] = data[from + 2];
  }
  return colours;
}
