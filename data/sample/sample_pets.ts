import { basename, dirname, join } from "@std/path";
import { developPhoto } from "./develop.ts";
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

const TRUTH_FILE = "truth.json";

/** Photos under way at once: drawing and encoding run on sharp's own threads. */
const AT_ONCE = 4;

/**
 * Draws cats and dogs and saves them as `folder/train/cat.N.jpg`, `folder/train/dog.N.jpg` and `folder/test/N.jpg`,
 * with `folder/truth.json` saying what every photo is and what was planted in it. The same seed draws the same bytes
 * on the same machine. A folder that already holds this sample is left as it is; one that holds another is replaced.
 * The sample is drawn beside the folder and renamed, so a draw that is killed is never taken for a whole one.
 * @throws RangeError for a sample that is too small; Error when the folder holds anything but an earlier sample; the
 * signal's reason when aborted.
 */
export async function drawSample(folder: string, options: DrawOptions): Promise<SampleTruth> {
  const { seed, train = 400, test = 100, abortSignal, onProgress } = options;
  const plan = planSample(seed, { train, test });
  const earlier = await earlierSample(folder);
  if (earlier !== undefined && earlier.seed === seed && earlier.train === train && earlier.test === test) {
    return earlier;
  }
  await assertReplaceable(folder);

  const unfinished = join(dirname(folder), `.${basename(folder)}.unfinished`);
  await removeIfThere(unfinished);
  for (const set of ["train", "test"]) await Deno.mkdir(join(unfinished, set), { recursive: true });
  const photos: PhotoTruth[] = [...plan];
  let [next, done] = [0, 0];
  const draw = async () => {
    while (next < plan.length) {
      abortSignal?.throwIfAborted();
      const index = next++;
      const { bytes, truth } = await developPhoto(seed, plan[index]);
      await Deno.writeFile(join(unfinished, truth.file), bytes);
      photos[index] = truth;
      onProgress?.(++done, plan.length);
    }
  };
  // All have stopped writing before the first failure is passed on.
  const ends = await Promise.allSettled(Array.from({ length: AT_ONCE }, draw));
  for (const end of ends) if (end.status === "rejected") throw end.reason;

  const truth: SampleTruth = { generator: GENERATOR_VERSION, seed, train, test, photos };
  await Deno.writeTextFile(join(unfinished, TRUTH_FILE), JSON.stringify(truth, null, 1) + "\n");
  await removeIfThere(folder);
  await Deno.rename(unfinished, folder);
  return truth;
}

/** The truth of the sample that lies in the folder; undefined where there is none of this version. */
async function earlierSample(folder: string): Promise<SampleTruth | undefined> {
  try {
    return await readTruth(join(folder, TRUTH_FILE));
  } catch {
    return undefined;
  }
}

/** Nothing is deleted but what an earlier draw has written. */
async function assertReplaceable(folder: string): Promise<void> {
  const names: string[] = [];
  try {
    for await (const entry of Deno.readDir(folder)) names.push(entry.name);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return;
    throw error;
  }
  const foreign = names.filter((name) => !["train", "test", TRUTH_FILE].includes(name));
  if (foreign.length === 0 && (names.length === 0 || names.includes(TRUTH_FILE))) return;
  throw new Error(
    `Cannot draw the sample into ${folder}: expected a new folder or an earlier sample, got ${
      foreign[0] ?? names[0]
    } in it; give another folder`,
  );
}

async function removeIfThere(path: string): Promise<void> {
  try {
    await Deno.remove(path, { recursive: true });
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}
