import { join } from "@std/path";
import { assertTakeable, OwnedFolder } from "../../data/owned/owned_folder.ts";
import { classifierToOnnx, type OnnxEntry } from "../classifier/classifier_to_onnx.ts";
import { classifierOf } from "../classifier/classifier_of.ts";
import { print } from "../terminal/print.ts";
import { standardError } from "../terminal/progress.ts";
import { RunContext } from "../runner/run_context.ts";
import { runFolder, StageFolder } from "../store/run_folder.ts";
import { finetunedState, sayIfReviewChanged } from "../trained/finished_run.ts";
import { weightsOrigins } from "../weights/weights_origin.ts";
import { VERSION } from "./options/version.ts";
import { assertApartFromPhotos } from "./runs/checks/apart_from_photos.ts";
import { assertMayWrite } from "./runs/checks/may_write.ts";
import { openRun } from "./runs/open_run.ts";
import type { Arguments } from "./options/options.ts";

/** The file that takes a photo, and the one that takes batches. */
const PHOTO_FILE = "classifier.onnx";
const BATCHES_FILE = "classifier_batches.onnx";

/**
 * `deno task export`: a run's classifier as one ONNX file, for any program that reads ONNX: a photo in, P(dog) out. With
 * `--batches` a second one takes photos that were resized beforehand, many at a time.
 */
export async function exportCommand(given: Arguments, signal: AbortSignal): Promise<void> {
  const config = await openRun(given, "run");
  const { out, hyperparameters } = config;
  const to = given.values.get("to") ?? join(out, "export");
  await assertTakeable(to, "export");
  if (to === join(out, "export")) await runFolder(out).assertReal("export");
  await assertApartFromPhotos(to, "export", config.usersPhotos);
  await assertMayWrite(to);
  const folder = new StageFolder(new OwnedFolder(to, "export"));
  const context = await RunContext.open(config, standardError, signal);
  await using opened = new AsyncDisposableStack();
  opened.defer(() => context.close());
  const state = await finetunedState(config, context.outside);
  await sayIfReviewChanged(config, context);
  const backbones = await context.backbones(hyperparameters);
  const network = { classifier: classifierOf(hyperparameters), state, backbones };
  const facts = {
    madeBy: `cats-vs-dogs ${VERSION}`,
    recipe: `${hyperparameters.kind}: ${hyperparameters.description}`,
    weights: await weightsOrigins(config.weights),
    clip: config.clip,
  };
  const write = async (name: string, entry: OnnxEntry) => {
    await folder.write(name, classifierToOnnx(network, entry, facts));
    await print(folder.path(name));
  };
  // An earlier export's file for batches may be of another training: one folder holds one classifier.
  await folder.remove(BATCHES_FILE);
  await write(PHOTO_FILE, "photo");
  if (given.switches.has("batches")) await write(BATCHES_FILE, "batches");
}
