import { join } from "@std/path";
import { freeName } from "../../data/owned/owned_folder.ts";
import { DEFAULT_SETTINGS } from "../settings/config.ts";
import type { Arguments } from "./options/options.ts";
import { print } from "../terminal/print.ts";
import { standardError } from "../terminal/progress.ts";
import { settingsFrom } from "./options/settings_from_arguments.ts";
import { drawnSample, drawSampleInto, SAMPLE_PHOTOS } from "./runs/places/drawn_sample.ts";
import { ofSeed, RUNS } from "./runs/places/default_run.ts";
import { assertMayWrite } from "./runs/checks/may_write.ts";
import { UserError } from "../files/user_error.ts";

/** `deno task sample`: the sample photos alone, to look at. */
export async function sampleCommand(given: Arguments, signal: AbortSignal): Promise<void> {
  const { seed } = settingsFrom(given, DEFAULT_SETTINGS);
  const folder = given.values.get("out") ?? join(RUNS, ofSeed("sample-photos", seed));
  await assertMayWrite(folder);
  const drawn = await drawnSample(folder);
  if (drawn && drawn.seed !== seed && !given.switches.has("replace")) {
    throw new UserError(
      `Cannot draw into ${folder}: expected the sample of seed ${drawn.seed}, which is there, got seed ${seed}. Draw ` +
        `it elsewhere (--out ${await freeName(folder, "sample")}), or in the place of that one (--replace)`,
    );
  }
  await drawSampleInto(folder, seed, standardError, signal);
  await print(`${SAMPLE_PHOTOS} photos in ${folder}; truth.json there says what each one is`);
}
