import { USUAL_CACHE } from "../settings/config.ts";
import { UserError } from "../files/user_error.ts";
import { serveStudio } from "../studio/server/serve_studio.ts";
import { print } from "../terminal/print.ts";
import { countFrom } from "./options/count_from.ts";
import type { Arguments } from "./options/options.ts";
import { settingsFrom } from "./options/settings_from_arguments.ts";
import { runOnPhotos, runOnSample } from "./runs/places/default_run.ts";
import { assertMayWrite } from "./runs/checks/may_write.ts";
import { latestRun } from "./runs/open_run.ts";

const HIGHEST_PORT = 65535;

/** `deno task studio`: a local page for one run, until Ctrl-C. */
export async function studioCommand(given: Arguments, signal: AbortSignal): Promise<void> {
  const port = countFrom(given, "port", 1, HIGHEST_PORT);
  // What cannot be is told now, and not when the run is started on the page.
  const { seed } = settingsFrom(given);
  const out = given.values.get("run") ?? await usualRun(given, seed);
  await assertMayWrite(out, given.values.get("cache") ?? USUAL_CACHE);
  const settings = new Map([...given.values].filter(([name]) => name !== "run" && name !== "port"));
  await serveStudio({ out, settings, port }, (address) => print(`The studio of ${out}: ${address}`), signal);
  signal.throwIfAborted();
}

/** The run of the photos that are named, or the latest, or where there is none the one on the sample. */
async function usualRun({ values }: Arguments, seed: number): Promise<string> {
  const data = values.get("data");
  if (data !== undefined) return await runOnPhotos(data);
  return await latestRun().catch((thrown) => {
    if (thrown instanceof UserError) return runOnSample(seed);
    throw thrown;
  });
}
