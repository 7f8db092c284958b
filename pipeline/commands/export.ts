import { join } from "@std/path";
import { classifierOf } from "../classifier/classifier_of.ts";
import { writeAtomic } from "../files/atomic_file.ts";
import { standardError } from "../files/progress.ts";
import { Workshop } from "../runner/run_context.ts";
import { finetunedState } from "../trained/finished_run.ts";
import { latestRun, openRun } from "./open_run.ts";
import type { Arguments } from "./options.ts";

/**
 * `deno task export`: a run's classifier as three ONNX files, for any program that reads ONNX. Each backbone's file says
 * in its metadata how photos have to be prepared; what it gives is the head's input, under the backbone's prefix.
 */
export async function exportCommand(given: Arguments, signal: AbortSignal): Promise<void> {
  const config = await openRun(given.values.get("run") ?? await latestRun());
  const to = given.values.get("to") ?? join(config.out, "export");
  const workshop = await Workshop.open(config, standardError, signal);
  const state = await finetunedState(config, workshop);
  const backbones = await workshop.backbones(config.hyperparameters);
  for (const { name, model } of classifierOf(config.hyperparameters).toOnnx(state, backbones)) {
    const path = join(to, name);
    await writeAtomic(path, model);
    console.log(path);
  }
}
