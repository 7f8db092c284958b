import { z } from "zod";
import { whiteBorder } from "../../data/picture/borders.ts";
import { inDecodePool } from "../../data/picture/decode_pool.ts";
import { withPixels } from "../../data/picture/decode.ts";
import { perceptualHash } from "../../data/picture/perceptual_hash.ts";
import { wholeBox } from "../../data/picture/pixels.ts";
import { type Photo, ScannedPhotos, type TrimmedPhoto, TrimmedPhotos } from "../photos/photo.ts";
import { readScanned } from "../runner/read_scanned.ts";
import { defineStage, type PhotoSet, type StageTools } from "../runner/stage.ts";

type TrimTools = Pick<StageTools, "photos" | "progress" | "signal">;

/**
 * Finds the box that is left of each photo when its white border is cut. The photo itself is not rewritten. Since the
 * pixels are at hand here, so is the perceptual hash of what is inside the box, by which `split` finds duplicates.
 */
export const trim = defineStage({
  name: "trim",
  version: 1,
  inputs: z.object({ scan: ScannedPhotos }),
  output: TrimmedPhotos,
  tools: ["photos", "progress", "signal"],
  params: (config) => ({ trimTest: config.trimTest }),
  async run({ scan }, { trimTest }, tools) {
    const train = await trimSet("train", scan.train, true, tools);
    const test = await trimSet("test", scan.test, trimTest, tools);
    const trimmed = countTrimmed(scan.train, train) + countTrimmed(scan.test, test);
    return { output: { train, test }, counts: { photos: train.length + test.length, trimmed } };
  },
});

/** How many boxes are smaller than their photos; both lists are in the same order. */
function countTrimmed(photos: readonly Photo[], trimmed: readonly TrimmedPhoto[]): number {
  return trimmed.filter(({ box }, k) => box.width * box.height < photos[k].width * photos[k].height).length;
}

async function trimSet(set: PhotoSet, photos: readonly Photo[], cutBorders: boolean, tools: TrimTools) {
  if (photos.length === 0) return []; // There may be no test photos to open either.
  const progress = tools.progress(photos.length, `${set} photos`);
  const trimmed: TrimmedPhoto[] = [];
  const boxes = inDecodePool(photos, async (photo) => {
    tools.signal.throwIfAborted();
    return await withPixels(await readScanned(set, photo, tools), (pixels) => {
      const box = cutBorders ? whiteBorder(pixels) : wholeBox(pixels);
      return { id: photo.id, box, hash: perceptualHash(pixels, box) };
    });
  });
  for await (const photo of boxes) {
    trimmed.push(photo);
    progress.advance();
  }
  progress.finish();
  return trimmed;
}
