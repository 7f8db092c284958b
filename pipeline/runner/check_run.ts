import { sha256 } from "../files/hashing.ts";
import { type Manifest, OUTPUT_FILE } from "../store/manifest.ts";
import { ScannedPhotos } from "../photos/photo.ts";
import { runFolder, stageFolder } from "../store/run_folder.ts";
import { type PhotoSet, STAGE_NAMES } from "./stage.ts";
import { messageOf } from "../files/user_error.ts";
import { VerifiedFolder } from "../store/verified_folder.ts";
import type { RunContext } from "./run_context.ts";

/** What a check of a whole run found. */
export interface RunCheck {
  /** Files of stages that were read. */
  readonly files: number;
  /** Photos that were read. */
  readonly photos: number;
  /** What is no longer so, each in words that name the file. */
  readonly changes: readonly string[];
}

type CheckTools = Pick<RunContext, "config" | "cache" | "photos" | "progress" | "signal" | "weightsNow">;

/**
 * Reads every file that the stages of a run wrote, the photos that `scan` found and the weights, whatever their sizes
 * and times say, and tells what is no longer as it was. Writes nothing.
 */
export async function checkRun(tools: CheckTools): Promise<RunCheck> {
  const changes: string[] = [];
  const stages: VerifiedFolder[] = [];
  const { out } = tools.config;
  const besides = (await featuresBesides(out)).map((folder) => ({ stage: "transform", folder }));
  for (const { stage, folder } of [...STAGE_NAMES.map((stage) => ({ stage, folder: stage })), ...besides]) {
    try {
      const finished = await VerifiedFolder.open(stageFolder(out, folder), stage, tools.cache);
      if (finished) stages.push(finished);
    } catch (thrown) {
      changes.push(messageOf(thrown));
    }
  }
  const files = stages.flatMap((stage) => stage.manifest.outputs.map(({ file }) => ({ stage, file })));
  const progress = tools.progress("check", files.length, "files");
  for (const { stage, file } of files) {
    tools.signal.throwIfAborted();
    const change = await stage.change(file);
    if (change) changes.push(`${stage.folderOf(file).path(file)} ${change === "gone" ? "is gone" : "was changed"}`);
    progress.advance();
  }
  progress.finish();
  changes.push(...await changedWeights(stages.map(({ manifest }) => manifest), tools));
  const photos = await changedPhotos(stages.find(({ manifest }) => manifest.stage === "scan"), tools);
  return { files: files.length, photos: photos.read, changes: [...changes, ...photos.changes] };
}

/** Where, in a run's folder, features of photos of other sizes are kept than its own: recipes were evaluated on them. */
async function featuresBesides(out: string): Promise<string[]> {
  const written = await runFolder(out).folders("evaluate");
  return written.map((folder) => `evaluate/${folder}`);
}

async function changedWeights(manifests: readonly Manifest[], tools: CheckTools): Promise<string[]> {
  const name = "the weights";
  const used = new Set(manifests.flatMap(({ inputs }) => Object.hasOwn(inputs, name) ? [inputs[name]] : []));
  if (used.size === 0) return [];
  const now = await tools.weightsNow();
  return [...used].every((hash) => hash === now) ? [] : [`the weights ${tools.config.weights} were changed`];
}

async function changedPhotos(scan: VerifiedFolder | undefined, tools: CheckTools) {
  const changes: string[] = [];
  // A damaged output of scan was told of already, and says nothing of photos.
  if (!scan || await scan.change(OUTPUT_FILE)) return { read: 0, changes };
  const scanned = ScannedPhotos.parse(JSON.parse(await scan.readText(OUTPUT_FILE)));
  const photos = (["train", "test"] as const).flatMap((set) => scanned[set].map((photo) => ({ set, ...photo })));
  const progress = tools.progress("check", photos.length, "photos");
  for (const { set, id, sha256 } of photos) {
    tools.signal.throwIfAborted();
    const now = await hashNow(set, id, tools);
    if (now !== sha256) {
      changes.push(`${id} of the ${set} photos ${now === undefined ? "cannot be read" : "was changed"}`);
    }
    progress.advance();
  }
  progress.finish();
  return { read: photos.length, changes };
}

async function hashNow(set: PhotoSet, id: string, tools: CheckTools): Promise<string | undefined> {
  try {
    return sha256(await (await tools.photos(set)).read(id));
  } catch {
    return undefined;
  }
}
