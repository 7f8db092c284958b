import { join } from "@std/path";
import { assertTakeable, OwnedFolder } from "../../data/owned/owned_folder.ts";
import { classifierOf } from "../classifier/classifier_of.ts";
import { print } from "../terminal/print.ts";
import { standardError } from "../terminal/progress.ts";
import { RunContext } from "../runner/run_context.ts";
import { runFolder, StageFolder } from "../store/run_folder.ts";
import { finetunedState } from "../trained/finished_run.ts";
import { assertApartFromPhotos } from "./runs/apart_from_photos.ts";
import { assertMayWrite } from "./runs/may_write.ts";
import { openRun } from "./runs/open_run.ts";
import type { Arguments } from "./options/options.ts";

/**
 * `deno task export`: a run's classifier as three ONNX files, for any program that reads ONNX. Each backbone's file says
 * in its metadata how photos have to be prepared; what it gives is the head's input, under the backbone's prefix.
 */
export async function exportCommand(given: Arguments, signal: AbortSignal): Promise<void> {
  const config = await openRun(given, "run");
  const { out, hyperparameters } = config;
  const to = given.values.get("to") ?? join(out, "export");
  await assertTakeable(to, "export");
  if (to === join(out, "export")) await runFolder(out).assertReal("export");
  if (!config.isSample) {
    await assertApartFromPhotos(to, "export", [config.data, config.test].filter((path) => path !== null));
  }
  await assertMayWrite(to);
  const folder = new StageFolder(new OwnedFolder(to, "export"));
  const context = await RunContext.open(config, standardError, signal);
  const state = await finetunedState(config, context.outside);
  const backbones = await context.backbones(hyperparameters);
  for (const { name, model } of classifierOf(hyperparameters).toOnnx(state, backbones)) {
    await folder.write(name, model);
    await print(folder.path(name));
  }
}
