import { Buffer } from "node:buffer";
import sharp from "sharp";
import type { Pixels } from "../../picture/pixels.ts";
import type { Camera } from "./camera.ts";
import { drawScene, type Subject } from "../scenes/scene.ts";
import type { Sketch } from "../drawing/sketch.ts";

/** Draws a scene and photographs it: depth of field, blur, exposure and grain. */
export async function photograph(sketch: Sketch, subject: Subject, camera: Camera): Promise<Pixels> {
  const { width, height, exposure, defocus, blur, grain } = camera;
  const { background, front } = drawScene(sketch, subject, width, height);
  const place = sharp(Buffer.from(background));
  const sharpScene = (defocus > 0 ? place.blur(defocus) : place)
    .composite([{ input: Buffer.from(front) }]).removeAlpha();
  let data = new Uint8Array(await sharpScene.raw().toBuffer());
  if (blur > 0) {
    data = new Uint8Array(await sharp(data, { raw: { width, height, channels: 3 } }).blur(blur).raw().toBuffer());
  }
  for (let pixel = 0; pixel < data.length; pixel += 3) {
    // Three uniform numbers make a bell curve of standard deviation 1/2.
    const speck = grain === 0 ? 0 : 2 * grain * (sketch.random() + sketch.random() + sketch.random() - 1.5);
    for (let channel = pixel; channel < pixel + 3; channel++) {
      data[channel] = Math.min(255, Math.max(0, Math.round(data[channel] * exposure + speck)));
    }
  }
  return { width, height, data };
}

/** The picture as a baseline JPEG file; `sharpColours` stores colours at full resolution. */
export async function toJpeg(
  { width, height, data }: Pixels,
  quality: number,
  sharpColours = false,
): Promise<Uint8Array> {
  const raw = { width, height, channels: 3 as const };
  const chromaSubsampling = sharpColours ? "4:4:4" : "4:2:0";
  return new Uint8Array(await sharp(data, { raw }).jpeg({ quality, chromaSubsampling }).toBuffer());
}

/** The same photo saved once more: a little smaller, a little brighter or darker, at another quality. */
export async function savedAgain(sketch: Sketch, jpeg: Uint8Array): Promise<Uint8Array> {
  const { width } = await sharp(jpeg).metadata();
  const again = sharp(jpeg)
    .resize({ width: Math.round(width * sketch.between(0.82, 0.98)) })
    .linear(sketch.between(0.94, 1.06), 0)
    .jpeg({ quality: sketch.integer(55, 90) });
  return new Uint8Array(await again.toBuffer());
}
