import type { z } from "zod";
import type { TensorMap } from "../../../model/tensor.ts";
import type { StageFolder } from "../../runner/run_folder.ts";
import { readTensorFile, tensorFile } from "../state_file.ts";

const CHECKPOINT_FILE = "checkpoint.safetensors";

/** Keeps everything that training needs to go on, in one file: whole, or as it was before. */
export async function writeCheckpoint(folder: StageFolder, progress: unknown, state: TensorMap): Promise<void> {
  await folder.write(CHECKPOINT_FILE, tensorFile(state, { progress: JSON.stringify(progress) }));
}

/** The checkpoint that a killed run left, or `undefined`. */
export async function readCheckpoint<T>(
  folder: StageFolder,
  progress: z.ZodType<T>,
): Promise<{ progress: T; state: TensorMap } | undefined> {
  if (!await folder.has(CHECKPOINT_FILE)) return undefined;
  const { tensors, metadata } = await readTensorFile(folder, CHECKPOINT_FILE);
  return { progress: progress.parse(JSON.parse(metadata.get("progress") ?? "null")), state: tensors };
}

export async function removeCheckpoint(folder: StageFolder): Promise<void> {
  if (await folder.has(CHECKPOINT_FILE)) await folder.remove(CHECKPOINT_FILE);
}
