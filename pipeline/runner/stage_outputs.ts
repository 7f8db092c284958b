import { sha256OfFile } from "../files/hashing.ts";
import { type Manifest, MANIFEST_FILE, OUTPUT_FILE, type OutputFile, STARTED_FILE } from "./manifest.ts";
import type { StageFolder } from "./run_folder.ts";
import type { Stage } from "./stage.ts";
import { VerifiedFolder } from "./verified_folder.ts";

/** A file of a stage that is not what the stage wrote, and how it differs, in words. */
export interface ChangedOutput {
  readonly file: string;
  readonly reason: string;
}

/**
 * The files that are no longer what a stage wrote. Of the many and large ones that a stage's output tells of, content
 * is read only where a stamp differs: they are checked by whoever reads them.
 */
export async function changedOutputs(
  { outputTellsFiles }: Pick<Stage, "outputTellsFiles">,
  folder: StageFolder,
  manifest: Manifest,
): Promise<ChangedOutput[]> {
  const finished = new VerifiedFolder(folder, manifest);
  const changed: ChangedOutput[] = [];
  for (const { file, bytes, modified } of manifest.outputs) {
    const stamp = await folder.stampOf(file);
    const trusted = outputTellsFiles && file !== OUTPUT_FILE;
    if (trusted && stamp?.bytes === bytes && stamp.modified === modified) continue;
    const change = await finished.change(file);
    if (change) changed.push({ file, reason: `its output ${file} ${change === "gone" ? "is gone" : "was changed"}` });
  }
  return changed;
}

/**
 * What is in the folder of a stage that has run.
 * @param earlier by which manifest files were kept: what is still as it was by its stamp keeps its hash, so that what was
 * damaged since is not taken for what was written
 */
export async function writtenOutputs(folder: StageFolder, earlier?: Manifest): Promise<OutputFile[]> {
  const kept = new Map(earlier?.outputs.map((output) => [output.file, output]));
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
