import { sha256OfFile } from "../files/hashing.ts";
import { type Manifest, MANIFEST_FILE, type OutputFile, STARTED_FILE } from "./manifest.ts";
import type { StageFolder } from "./run_folder.ts";
import { VerifiedFolder } from "./verified_folder.ts";

/** A file of a stage that is not what the stage wrote, and how it differs, in words. */
export interface ChangedOutput {
  readonly file: string;
  readonly reason: string;
}

/** Which files of its folder a stage goes on with when it runs again. */
interface Keeper {
  keeps(file: string): boolean;
}

/**
 * The files that are no longer what a stage wrote. Of the many and large ones that a stage keeps, content is read only
 * where a stamp differs: they are checked by whoever reads them.
 */
export async function changedOutputs(
  { keeps }: Keeper,
  folder: StageFolder,
  manifest: Manifest,
): Promise<ChangedOutput[]> {
  const finished = new VerifiedFolder(folder, manifest);
  const changed: ChangedOutput[] = [];
  for (const { file, bytes, modified } of manifest.outputs) {
    const stamp = await folder.stampOf(file);
    if (keeps(file) && stamp?.bytes === bytes && stamp.modified === modified) continue;
    const change = await finished.change(file);
    if (change) changed.push({ file, reason: `its output ${file} ${change === "gone" ? "is gone" : "was changed"}` });
  }
  return changed;
}

/**
 * What is in the folder of a stage that has run.
 * @param earlier what the stage said of itself before: a file that it keeps and that is as it was by its stamp keeps its
 * hash, so that what was damaged since is not taken for what was written
 */
export async function writtenOutputs(
  folder: StageFolder,
  { keeps }: Keeper,
  earlier?: Manifest,
): Promise<OutputFile[]> {
  const kept = new Map(earlier?.outputs.filter(({ file }) => keeps(file)).map((output) => [output.file, output]));
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
