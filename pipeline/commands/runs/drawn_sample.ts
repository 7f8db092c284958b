import { join } from "@std/path";
import { drawSample, TRUTH_FILE } from "../../../data/sample/sample_pets.ts";
import { explained } from "../../files/atomic_file.ts";
import { type Config, samplePhotos } from "../../settings/config.ts";
import { type Output, Progress } from "../../terminal/progress.ts";

/** Photos in the sample: 400 to learn from and 100 to predict. */
export const SAMPLE_PHOTOS = 500;

/** Draws a run's sample photos unless they are there. */
export async function drawSampleFor({ out, seed }: Config, output: Output, signal: AbortSignal): Promise<void> {
  await drawSampleInto(samplePhotos(out).folder, seed, output, signal);
}

/** Whether a run's sample photos are there. */
export async function sampleIsDrawn({ out }: Pick<Config, "out">): Promise<boolean> {
  return await Deno.stat(join(samplePhotos(out).folder, TRUTH_FILE)).then(({ isFile }) => isFile, () => false);
}

/** Draws the sample photos into a folder, unless they are there. */
export async function drawSampleInto(folder: string, seed: number, output: Output, signal: AbortSignal): Promise<void> {
  const progress = new Progress("draw the sample", SAMPLE_PHOTOS, "photos", output);
  try {
    await drawSample(folder, { seed, abortSignal: signal, onProgress: () => progress.advance() });
  } catch (thrown) {
    throw explained(thrown, folder);
  } finally {
    progress.finish();
  }
}
