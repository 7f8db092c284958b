import { z } from "zod";
import { inDecodePool } from "../../data/picture/batches/decode_pool.ts";
import { PHOTO_FACTS_VERSION } from "../../data/picture/facts/photo_facts.ts";
import { wholeBox } from "../../data/picture/pixels.ts";
import { type Photo, ScannedPhotos, type TrimmedPhoto, TrimmedPhotos } from "../photos/photo.ts";
import { readScanned } from "../runner/read_scanned.ts";
import { defineStage, type PhotoSet, type StageTools } from "../runner/stage.ts";

type TrimTools = Pick<StageTools, "photos" | "facts" | "progress" | "signal">;

/**
 * Finds the box that is left of each photo when its white border is cut, and the perceptual hash of what is inside, by
 * which `split` finds duplicates. The photo itself is not rewritten. `scan` saw all of that when it decoded the photo:
 * only where its facts were lost is a photo decoded here.
 */
export const trim = defineStage({
  name: "trim",
  version: PHOTO_FACTS_VERSION,
  inputs: z.object({ scan: ScannedPhotos }),
  output: TrimmedPhotos,
  tools: ["photos", "facts", "progress", "signal"],
  params: (config) => ({ trimTest: config.trimTest }),
  async run({ scan }, { trimTest }, tools) {
    const { decoded } = tools.facts;
    const train = await trimSet("train", scan.train, true, tools);
    const test = await trimSet("test", scan.test, trimTest, tools);
    const trimmed = countTrimmed(scan.train, train) + countTrimmed(scan.test, test);
    return {
      output: { train, test },
      counts: { photos: train.length + test.length, trimmed },
      details: { decoded: tools.facts.decoded - decoded },
    };
  },
});

/** How many boxes are smaller than their photos; both lists are in the same order. */
function countTrimmed(photos: readonly Photo[], trimmed: readonly TrimmedPhoto[]): number {
  return trimmed.filter(({ box }, k) => box.width * box.height < photos[k].width * photos[k].height).length;
}

async function trimSet(set: PhotoSet, photos: readonly Photo[], cutBorders: boolean, tools: TrimTools) {
  if (photos.length === 0) return [];
  const progress = tools.progress(photos.length, `${set} photos`);
  const trimmed: TrimmedPhoto[] = [];
  const boxes = inDecodePool(photos, async (photo): Promise<TrimmedPhoto> => {
    tools.signal.throwIfAborted();
    const facts = await tools.facts.of(photo.sha256, () => readScanned(set, photo, tools));
    return cutBorders
      ? { id: photo.id, box: facts.trimmed, hash: facts.trimmedHash }
      : { id: photo.id, box: wholeBox(facts), hash: facts.wholeHash };
  });
  try {
    for await (const photo of boxes) {
      trimmed.push(photo);
      progress.advance();
    }
  } finally {
    await tools.facts.save();
  }
  progress.finish();
  return trimmed;
}
