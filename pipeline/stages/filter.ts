import { z } from "zod";
import type { Box } from "../../data/picture/pixels.ts";
import { FilteredPhotos, TrimmedTrainPhotos } from "../photos/photo.ts";
import { defineStage } from "../runner/stage.ts";

/** The write-up's limit: smaller photos show too little to learn from. */
export const MINIMUM_PIXELS = 3600;

/** Whether a photo is large enough, counted after trimming. */
export function isLargeEnough(box: Box): boolean {
  return box.width * box.height >= MINIMUM_PIXELS;
}

/** Drops training photos under 3,600 pixels. Photos to predict all stay: each needs an answer. */
export const filter = defineStage({
  name: "filter",
  version: 1,
  inputs: z.object({ trim: TrimmedTrainPhotos }),
  output: FilteredPhotos,
  tools: [],
  params: () => ({ minimumPixels: MINIMUM_PIXELS }),
  run({ trim }) {
    const kept = trim.train.filter(({ box }) => isLargeEnough(box)).map(({ id }) => id);
    const dropped = trim.train.filter(({ box }) => !isLargeEnough(box)).map(({ id, box }) => ({
      id,
      pixels: box.width * box.height,
      reason: `${box.width}x${box.height} after trimming, under ${MINIMUM_PIXELS} pixels`,
    }));
    return Promise.resolve({ output: { kept, dropped }, counts: { kept: kept.length, dropped: dropped.length } });
  },
});
