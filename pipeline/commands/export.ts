import { join } from "@std/path";
import { assertTakeable, OwnedFolder } from "../../data/owned/owned_folder.ts";
import type { FolderKind } from "../../data/owned/folder_kinds.ts";
import { classifierToOnnx, type OnnxEntry, type TrainedNetwork } from "../classifier/classifier_to_onnx.ts";
import { classifierOf } from "../classifier/classifier_of.ts";
import { UserError } from "../files/user_error.ts";
import { print } from "../terminal/print.ts";
import { standardError } from "../terminal/progress.ts";
import { RunContext } from "../runner/run_context.ts";
import type { Config } from "../settings/config.ts";
import { runFolder, StageFolder } from "../store/run_folder.ts";
import { finetunedState, sayIfReviewChanged } from "../trained/finished_run.ts";
import { PAGE_FILE, writePage } from "../web/write_page.ts";
import { weightsOrigins } from "../weights/weights_origin.ts";
import { VERSION } from "./options/version.ts";
import { assertApartFromPhotos } from "./runs/checks/apart_from_photos.ts";
import { assertMayWrite } from "./runs/checks/may_write.ts";
import { openRun } from "./runs/open_run.ts";
import type { Arguments } from "./options/options.ts";

/** The file that takes a photo, and the one that takes batches. */
const PHOTO_FILE = "classifier.onnx";
const BATCHES_FILE = "classifier_batches.onnx";

/** What it says of itself. */
const MADE_BY = `cats-vs-dogs ${VERSION}`;

/**
 * `deno task export`: a run's classifier as one ONNX file, for any program that reads ONNX: a photo in, P(dog) out. With
 * `--batches` a second one takes photos that were resized beforehand, many at a time. With `--web` it is a page instead.
 */
export async function exportCommand(given: Arguments, signal: AbortSignal): Promise<void> {
  const web = given.values.get("web");
  const other = given.values.has("to") ? "to" : given.switches.has("batches") ? "batches" : undefined;
  if (web !== undefined && other) throw new UserError(`Cannot use --web and --${other} together: expected one of them`);
  const config = await openRun(given, "run");
  const kind: FolderKind = web === undefined ? "export" : "page";
  const to = web ?? given.values.get("to") ?? join(config.out, "export");
  await assertMayExport(to, kind, config);
  const context = await RunContext.open(config, standardError, signal);
  await using opened = new AsyncDisposableStack();
  opened.defer(() => context.close());
  const { hyperparameters } = config;
  const state = await finetunedState(config, context.outside);
  await sayIfReviewChanged(config, context);
  const backbones = await context.backbones(hyperparameters);
  const network = { classifier: classifierOf(hyperparameters), state, backbones };
  const recipe = `${hyperparameters.kind}: ${hyperparameters.description}`;
  if (web === undefined) return await exportOnnx(new OwnedFolder(to, kind), network, recipe, config, given);
  await writePage(new OwnedFolder(to, kind), network, { trims: config.trimTest, recipe, madeBy: MADE_BY });
  await print(join(to, PAGE_FILE));
}

/** Checks, before anything is read, that the folder is free or an earlier export, and apart from what is the user's. */
async function assertMayExport(to: string, kind: FolderKind, { out, usersPhotos }: Config): Promise<void> {
  await assertTakeable(to, kind);
  if (to === join(out, "export")) await runFolder(out).assertReal("export");
  await assertApartFromPhotos(to, kind, usersPhotos);
  await assertMayWrite(to);
}

async function exportOnnx(
  owned: OwnedFolder,
  network: TrainedNetwork,
  recipe: string,
  { weights, clip }: Config,
  given: Arguments,
): Promise<void> {
  const folder = new StageFolder(owned);
  const facts = { madeBy: MADE_BY, recipe, weights: await weightsOrigins(weights), clip };
  const write = async (name: string, entry: OnnxEntry) => {
    await folder.write(name, classifierToOnnx(network, entry, facts));
    await print(folder.path(name));
  };
  // An earlier export's file for batches may be of another training: one folder holds one classifier.
  await folder.remove(BATCHES_FILE);
  await write(PHOTO_FILE, "photo");
  if (given.switches.has("batches")) await write(BATCHES_FILE, "batches");
}
