import { join } from "@std/path";
import { TRUTH_FILE } from "../../../data/sample/sample_pets.ts";
import { readTruth, type SampleTruth } from "../../../data/sample/truth.ts";
import { type Config, samplePhotos } from "../../settings/config.ts";

/** What was drawn into a folder, where it is whole and of this version. */
export async function drawnSample(folder: string): Promise<SampleTruth | undefined> {
  return await readTruth(join(folder, TRUTH_FILE)).catch(() => undefined);
}

/** Whether the sample of a run's seed is there. */
export async function sampleIsDrawn({ out, seed }: Pick<Config, "out" | "seed">): Promise<boolean> {
  return (await drawnSample(samplePhotos(out).folder))?.seed === seed;
}
