import type { Box, Pixels } from "../../picture/pixels.ts";
import type { Sketch } from "../drawing/sketch.ts";

/** White margins around a picture, in pixels. */
export interface Border {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** One to four white sides, each 3% to 20% of the picture; one photo in three has all four, equally wide. */
export function pickBorder(sketch: Sketch, { width, height }: Pick<Pixels, "width" | "height">): Border {
  const margin = (extent: number) => Math.max(3, Math.round(extent * sketch.between(0.03, 0.2)));
  if (sketch.chance(0.34)) {
    const even = margin(Math.min(width, height));
    return { left: even, top: even, right: even, bottom: even };
  }
  const sides = sketch.pick(["left", "top", "right", "bottom", "left right", "top bottom", "top right bottom"]);
  const side = (name: string, extent: number) => sides.includes(name) ? margin(extent) : 0;
  return {
    left: side("left", width),
    top: side("top", height),
    right: side("right", width),
    bottom: side("bottom", height),
  };
}

/** The picture on white paper, and where on it the picture lies. */
export function withBorder(picture: Pixels, { left, top, right, bottom }: Border): { pixels: Pixels; box: Box } {
  const width = left + picture.width + right;
  const height = top + picture.height + bottom;
  const data = new Uint8Array(width * height * 3).fill(255);
  for (let row = 0; row < picture.height; row++) {
    const from = row * picture.width * 3;
    data.set(picture.data.subarray(from, from + picture.width * 3), ((top + row) * width + left) * 3);
  }
  return { pixels: { width, height, data }, box: { left, top, width: picture.width, height: picture.height } };
}
