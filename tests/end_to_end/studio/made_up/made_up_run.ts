import { join } from "@std/path";
import { RunContext } from "../../../../pipeline/runner/run_context.ts";
import { Runner } from "../../../../pipeline/runner/runner.ts";
import { configOf, DEFAULT_SETTINGS, writeSettings } from "../../../../pipeline/settings/config.ts";
import { runFolder, StageFolder } from "../../../../pipeline/store/run_folder.ts";
import { type MadeUpSize, writeMadeUpPhotos } from "./made_up_photos.ts";
import { madeUpStages } from "./made_up_stages.ts";

const SILENT = { isTerminal: false, write: () => {} };

/**
 * Makes a finished run of any size in `folder/run` on photos in `folder/photos`, in seconds where a real one takes hours:
 * the stages' outputs are made up, and all of it is up to date.
 */
export async function madeUpRun(folder: string, size: MadeUpSize, weights = "mini"): Promise<void> {
  const data = join(folder, "photos");
  const out = join(folder, "run");
  const photos = await writeMadeUpPhotos(data, size);
  const run = runFolder(out);
  await run.claim();
  const cache = join(folder, "runs/.features");
  const settings = { ...DEFAULT_SETTINGS, data, cache, weights, weightsByDefault: false, backend: "onnx" as const };
  await writeSettings(settings, new StageFolder(run));
  const config = await configOf(settings, out);
  const context = await RunContext.open(config, SILENT, new AbortController().signal);
  try {
    await new Runner(madeUpStages(photos), config, context).run();
  } finally {
    await context.close();
  }
}

if (import.meta.main) {
  const [folder, train, test, weights] = Deno.args;
  await madeUpRun(folder, { train: Number(train), test: Number(test) }, weights);
}
