import type { Sketch } from "../drawing/sketch.ts";

/** What a camera and a JPEG encoder do to a scene. */
export interface Camera {
  /** Pixels. */
  readonly width: number;
  readonly height: number;
  /** Factor on every channel; 1 leaves the light as it is. */
  readonly exposure: number;
  /** Standard deviation of the background's blur, pixels; 0 for none. */
  readonly defocus: number;
  /** The same of the whole picture's blur. */
  readonly blur: number;
  /** Standard deviation of the grain, in steps of 255. */
  readonly grain: number;
  /** JPEG quality, 60 to 95. */
  readonly quality: number;
}

const ASPECTS = [4 / 3, 4 / 3, 4 / 3, 3 / 2, 1, 3 / 4, 3 / 4, 2 / 3, 5 / 4];

/** Sizes as Kaggle's photos have them: many of 500x375, the others down to 200 on the long side. */
export function pickCamera(sketch: Sketch): Camera {
  const long = sketch.chance(0.3) ? sketch.integer(496, 500) : sketch.integer(210, 480);
  const aspect = sketch.pick(ASPECTS) * sketch.between(0.97, 1.03);
  return {
    width: Math.round(aspect >= 1 ? long : long * aspect),
    height: Math.round(aspect >= 1 ? long / aspect : long),
    exposure: sketch.between(0.92, 1.22),
    defocus: sketch.chance(0.8) ? sketch.between(0.5, 3) : 0,
    blur: sketch.chance(0.2) ? sketch.between(0.5, 1.3) : 0,
    grain: sketch.chance(0.7) ? sketch.between(2, 8) : 0,
    quality: sketch.integer(60, 95),
  };
}
