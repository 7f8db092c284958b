import { join } from "@std/path";
import { DEFAULT_SETTINGS } from "../settings/config.ts";
import { print } from "../terminal/print.ts";
import { standardError } from "../terminal/progress.ts";
import type { Arguments } from "./options/options.ts";
import { settingsFrom } from "./options/settings_from_arguments.ts";
import { drawSampleInto, SAMPLE_PHOTOS } from "./runs/drawn_sample.ts";
import { RUNS } from "./runs/open_run.ts";

/** `deno task sample`: the sample photos alone, to look at. */
export async function sampleCommand(given: Arguments, signal: AbortSignal): Promise<void> {
  const folder = given.values.get("out") ?? join(RUNS, "sample-photos");
  const { seed } = settingsFrom(given, DEFAULT_SETTINGS);
  await drawSampleInto(folder, seed, standardError, signal);
  await print(`${SAMPLE_PHOTOS} photos in ${folder}; truth.json there says what each one is`);
}
