import { randomFrom } from "../../random.ts";
import { pickBorder, withBorder } from "./border.ts";
import { pickCamera } from "./camera.ts";
import { photograph, savedAgain, toJpeg } from "./photograph.ts";
import { Sketch } from "../drawing/sketch.ts";
import type { PhotoTruth } from "../truth.ts";

/** A photo's file, and its truth with the box filled in. */
export interface DevelopedPhoto {
  readonly bytes: Uint8Array;
  readonly truth: PhotoTruth;
}

/** Width and height of 3,600 pixels and of a few less: what the filter must keep and drop. */
const EXACTLY_3600 = { width: 72, height: 50 };
const TINY_SIZES = [{ width: 59, height: 61 }, { width: 48, height: 40 }, { width: 64, height: 48 }, {
  width: 30,
  height: 40,
}];

/**
 * Makes one photo's file. Its random numbers depend on the seed and its id alone, so photos come out the same in any
 * order, and a duplicate can draw again what it is a copy of.
 */
export async function developPhoto(seed: number, truth: PhotoTruth): Promise<DevelopedPhoto> {
  const sketch = new Sketch(randomFrom(seed, `photo ${truth.set} ${truth.duplicateOf ?? truth.id}`));
  const picked = pickCamera(sketch);
  // Where nothing but the place is shown, the place is in focus.
  const camera = truth.species === "none" ? { ...picked, defocus: 0 } : picked;
  const plain = async () => await toJpeg(await photograph(sketch, truth.species, camera), camera.quality);
  switch (truth.planted) {
    case "white_border": {
      const picture = await photograph(sketch, truth.species, camera);
      const { pixels, box } = withBorder(picture, pickBorder(sketch, picture));
      // Most borders are clean; in one of eight the JPEG's blocks have left their noise.
      const quality = sketch.chance(0.125) ? sketch.integer(70, 80) : sketch.integer(88, 95);
      return { bytes: await toJpeg(pixels, quality), truth: { ...truth, box } };
    }
    case "tiny": {
      const picture = await photograph(sketch, truth.species, { ...camera, ...sketch.pick(TINY_SIZES) });
      if (sketch.chance(0.5)) return { bytes: await toJpeg(picture, 92), truth };
      // Large enough until its border is cut.
      const { pixels, box } = withBorder(picture, { left: 24, top: 16, right: 24, bottom: 16 });
      return { bytes: await toJpeg(pixels, 95, true), truth: { ...truth, box } };
    }
    case "exactly_3600_pixels": {
      const picture = await photograph(sketch, truth.species, { ...camera, ...EXACTLY_3600 });
      // Whole blocks of 8x8 at the top left, and the best quality: the border's edge is where it is said to be.
      const { pixels, box } = withBorder(picture, { left: 16, top: 16, right: 16, bottom: 14 });
      return { bytes: await toJpeg(pixels, 100, true), truth: { ...truth, box } };
    }
    case "not_a_picture":
      return { bytes: new TextEncoder().encode("This is a text file that somebody named .jpg.\n"), truth };
    case "truncated": {
      const whole = await plain();
      return { bytes: whole.subarray(0, Math.floor(whole.length * 0.45)), truth };
    }
    case "near_duplicate": {
      const first = await plain();
      return { bytes: await savedAgain(sketch, first), truth };
    }
    default:
      return { bytes: await plain(), truth };
  }
}
