import { join } from "@std/path";
import { assertTakeable, OwnedFolder } from "../owned/owned_folder.ts";
import { DrawnPhotos } from "./drawn_photos.ts";
import { developPhoto } from "./photographs/develop.ts";
import { planSample } from "./plan.ts";
import { GENERATOR_VERSION, type PhotoTruth, readTruth, type SampleTruth } from "./truth.ts";

/** What to draw, and how to be told about it. */
export interface DrawOptions {
  readonly seed: number;
  /** Training photos, 400 unless given. */
  readonly train?: number;
  /** Test photos, 100 unless given. */
  readonly test?: number;
  readonly abortSignal?: AbortSignal;
  /** Called after each photo that is written. */
  readonly onProgress?: (done: number, total: number) => void;
}

/** The file in a sample's folder that is written when all the others are there. */
export const TRUTH_FILE = "truth.json";

const SETS = ["train", "test"] as const;

/** Photos under way at once: drawing and encoding run on sharp's own threads. */
const AT_ONCE = 4;

/**
 * Draws cats and dogs and saves them as `folder/train/cat.N.jpg`, `folder/train/dog.N.jpg` and `folder/test/N.jpg`,
 * with `folder/truth.json` saying what every photo is and what was planted in it. The same seed draws the same bytes
 * on the same machine. A folder that already holds this sample is left as it is; in one that holds another, that one's
 * files are replaced, and nobody else's, whatever their names are. Photos get their names when all are drawn, and the
 * truth comes last, so a draw that is killed is never taken for a whole one.
 * @throws RangeError for a sample that is too small; FolderError when the folder is somebody else's, or a file in it
 * that stands where a photo should; the signal's reason when aborted.
 */
export async function drawSample(folder: string, options: DrawOptions): Promise<SampleTruth> {
  const { seed, train = 400, test = 100, abortSignal, onProgress } = options;
  const plan = planSample(seed, { train, test });
  await assertTakeable(folder, "sample");
  const owned = new OwnedFolder(folder, "sample");
  const earlier = await earlierSample(owned);
  if (earlier !== undefined && earlier.seed === seed && earlier.train === train && earlier.test === test) {
    return earlier;
  }

  await owned.announce([...plan.map(({ file }) => file), TRUTH_FILE]);
  const drawnPhotos = await DrawnPhotos.open(owned);
  const assertAllDrawn = async () => {
    const lying = await Promise.all(SETS.map(async (set) => (await owned.names(set)).map((name) => `${set}/${name}`)));
    await drawnPhotos.assertDrawn([...plan.map(({ file }) => file), ...lying.flat()]);
  };
  await assertAllDrawn();
  const photos: PhotoTruth[] = [...plan];
  let [next, done] = [0, 0];
  const draw = async () => {
    while (next < plan.length) {
      abortSignal?.throwIfAborted();
      const index = next++;
      const { bytes, truth } = await developPhoto(seed, plan[index]);
      await owned.prepare(truth.file, bytes);
      drawnPhotos.add(truth.file, bytes);
      photos[index] = truth;
      onProgress?.(++done, plan.length);
    }
  };
  // All have stopped writing before the first failure is passed on.
  const ends = await Promise.allSettled(Array.from({ length: AT_ONCE }, draw));
  // Somebody may have put a photo there meanwhile.
  ends.push(...await Promise.allSettled([assertAllDrawn()]));
  const failure = ends.find((end) => end.status === "rejected");
  if (failure) {
    for (const set of SETS) await owned.removeUnfinished(set);
    throw failure.reason;
  }

  await drawnPhotos.save();
  await owned.remove(TRUTH_FILE);
  for (const { file } of photos) await owned.finish(file);
  const drawn = new Set(photos.map(({ file }) => file));
  for (const set of SETS) {
    for (const name of await owned.names(set)) if (!drawn.has(`${set}/${name}`)) await owned.remove(`${set}/${name}`);
  }
  const truth: SampleTruth = { generator: GENERATOR_VERSION, seed, train, test, photos };
  await owned.write(TRUTH_FILE, new TextEncoder().encode(JSON.stringify(truth, null, 1) + "\n"));
  return truth;
}

/** The truth of the sample that was drawn into the folder; undefined where there is none of this version. */
async function earlierSample(owned: OwnedFolder): Promise<SampleTruth | undefined> {
  if (!await owned.owns(TRUTH_FILE)) return undefined;
  try {
    return await readTruth(join(owned.root, TRUTH_FILE));
  } catch {
    return undefined;
  }
}
