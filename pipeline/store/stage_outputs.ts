import { sha256OfFile } from "../files/hashing.ts";
import { MANIFEST_FILE, type OutputFile, STARTED_FILE } from "./manifest.ts";
import type { StageFolder } from "./run_folder.ts";
import type { VerifiedFolder } from "./verified_folder.ts";

/** A file of a stage that is not what the stage wrote, and how it differs, in words. */
export interface ChangedOutput {
  readonly file: string;
  /** Where it is, or was. */
  readonly folder: StageFolder;
  readonly reason: string;
}

/** Which files of its folder a stage goes on with when it runs again. */
interface Keeper {
  keeps(file: string): boolean;
}

/**
 * The files that are no longer what a stage wrote. Of those that a stage keeps, and of the many and large ones in the
 * shared cache, content is read only where a stamp differs: they are checked by whoever reads them.
 */
export async function changedOutputs({ keeps }: Keeper, finished: VerifiedFolder): Promise<ChangedOutput[]> {
  const changed: ChangedOutput[] = [];
  for (const { file, set } of finished.manifest.outputs) {
    const isShared = set !== undefined;
    if ((isShared || keeps(file)) && await finished.isAsStamped(file)) continue;
    const change = await finished.change(file);
    if (change === undefined) continue;
    const folder = finished.folderOf(file);
    const what = isShared ? `${file} in ${folder.root}` : `its output ${file}`;
    changed.push({ file, folder, reason: `${what} ${change === "gone" ? "is gone" : "was changed"}` });
  }
  return changed;
}

/**
 * What is in the folder of a stage that has run.
 * @param earlier the stage's files before: one that it keeps and that is as it was by its stamp keeps its hash, so that
 * what was damaged since is not taken for what was written
 */
export async function writtenOutputs(
  folder: StageFolder,
  { keeps }: Keeper,
  earlier?: VerifiedFolder,
): Promise<OutputFile[]> {
  const ownBefore = earlier?.manifest.outputs.filter(({ file, set }) => set === undefined && keeps(file)) ?? [];
  const kept = new Map(ownBefore.map((output) => [output.file, output]));
  const outputs: OutputFile[] = [];
  for (const file of await folder.list()) {
    if (file === STARTED_FILE || file === MANIFEST_FILE) continue;
    const stamp = await folder.stampOf(file);
    if (!stamp) continue;
    const known = kept.get(file);
    const same = known?.bytes === stamp.bytes && known.modified === stamp.modified;
    outputs.push({ file, ...stamp, sha256: same ? known.sha256 : await sha256OfFile(folder.path(file)) });
  }
  return outputs;
}
