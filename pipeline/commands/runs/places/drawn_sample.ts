import { join } from "@std/path";
import { drawSample, TRUTH_FILE } from "../../../../data/sample/sample_pets.ts";
import { readTruth, type SampleTruth } from "../../../../data/sample/truth.ts";
import { explained } from "../../../files/explained.ts";
import { type Config, samplePhotos } from "../../../settings/config.ts";
import { type Output, Progress } from "../../../terminal/progress.ts";

/** Photos in the sample: 400 to learn from and 100 to predict. */
export const SAMPLE_PHOTOS = 500;

/** Draws a run's sample photos unless they are there. */
export async function drawSampleFor({ out, seed }: Config, output: Output, signal: AbortSignal): Promise<void> {
  await drawSampleInto(samplePhotos(out).folder, seed, output, signal);
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

/** What was drawn into a folder, where it is whole and of this version. */
export async function drawnSample(folder: string): Promise<SampleTruth | undefined> {
  return await readTruth(join(folder, TRUTH_FILE)).catch(() => undefined);
}

/** Whether the sample of a run's seed is there. */
export async function sampleIsDrawn({ out, seed }: Pick<Config, "out" | "seed">): Promise<boolean> {
  return (await drawnSample(samplePhotos(out).folder))?.seed === seed;
}
