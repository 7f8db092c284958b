import { join } from "@std/path";
import { drawSample, TRUTH_FILE } from "../../data/sample/sample_pets.ts";
import { explained } from "../files/explained.ts";
import { type Config, DEFAULT_SETTINGS, samplePhotos } from "../settings/config.ts";
import type { Arguments } from "./options/options.ts";
import { print } from "../terminal/print.ts";
import { type Output, Progress, standardError } from "../terminal/progress.ts";
import { settingsFrom } from "./options/settings_from_arguments.ts";
import { assertMayWrite } from "./runs/may_write.ts";
import { RUNS } from "./runs/open_run.ts";

/** Photos in the sample: 400 to learn from and 100 to predict. */
const SAMPLE_PHOTOS = 500;

/** Draws a run's sample photos unless they are there. */
export async function drawSampleFor({ out, seed }: Config, output: Output, signal: AbortSignal): Promise<void> {
  await draw(samplePhotos(out).folder, seed, output, signal);
}

/** Whether a run's sample photos are there. */
export async function sampleIsDrawn({ out }: Config): Promise<boolean> {
  return await Deno.stat(join(samplePhotos(out).folder, TRUTH_FILE)).then(({ isFile }) => isFile, () => false);
}

/** `deno task sample`: the sample photos alone, to look at. */
export async function sampleCommand(given: Arguments, signal: AbortSignal): Promise<void> {
  const folder = given.values.get("out") ?? join(RUNS, "sample-photos");
  const { seed } = settingsFrom(given, DEFAULT_SETTINGS);
  await assertMayWrite(folder);
  await draw(folder, seed, standardError, signal);
  await print(`${SAMPLE_PHOTOS} photos in ${folder}; truth.json there says what each one is`);
}

async function draw(folder: string, seed: number, output: Output, signal: AbortSignal): Promise<void> {
  const progress = new Progress("draw the sample", SAMPLE_PHOTOS, "photos", output);
  try {
    await drawSample(folder, { seed, abortSignal: signal, onProgress: () => progress.advance() });
  } catch (thrown) {
    throw explained(thrown, folder);
  } finally {
    progress.finish();
  }
}
