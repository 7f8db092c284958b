import type { z } from "zod";
import { SafetensorsError } from "../../../model/weights/safetensors_header.ts";
import type { TensorMap } from "../../../model/tensor.ts";
import { sha256 } from "../../files/hashing.ts";
import type { ReadableFolder, StageFolder } from "../../store/run_folder.ts";
import { readTensorFile, tensorFile } from "../state_file.ts";

export const CHECKPOINT_FILE = "checkpoint.safetensors";

/** Tensors as a file that tells by itself whether it is whole: no manifest lists what an unfinished stage wrote. */
export function sealedTensorFile(tensors: TensorMap, metadata: Record<string, string> = {}): Uint8Array {
  return tensorFile(tensors, { ...metadata, seal: sha256(tensorFile(tensors, metadata)) });
}

/** Reads what `sealedTensorFile` made; `undefined` where there is no such file, or it is anything else. */
export async function readSealedTensorFile(folder: ReadableFolder, name: string) {
  if (!await folder.has(name)) return undefined;
  try {
    const file = await readTensorFile(folder, name);
    const { seal, ...metadata } = Object.fromEntries(file.metadata);
    return seal === sha256(tensorFile(file.tensors, metadata)) ? file : undefined;
  } catch (thrown) {
    if (thrown instanceof SafetensorsError) return undefined;
    throw thrown;
  }
}

/** Keeps everything that training needs to go on, in one file: whole, or as it was before. */
export async function writeCheckpoint(folder: StageFolder, progress: unknown, state: TensorMap): Promise<void> {
  await folder.write(CHECKPOINT_FILE, sealedTensorFile(state, { progress: JSON.stringify(progress) }));
}

/** The checkpoint that a killed run left, or `undefined` where there is none, or it was damaged since. */
export async function readCheckpoint<T>(
  folder: StageFolder,
  progress: z.ZodType<T>,
): Promise<{ progress: T; state: TensorMap } | undefined> {
  const file = await readSealedTensorFile(folder, CHECKPOINT_FILE);
  if (!file) return undefined;
  const { success, data } = progress.safeParse(JSON.parse(file.metadata.get("progress") ?? "null"));
  return success ? { progress: data, state: file.tensors } : undefined;
}

export async function removeCheckpoint(folder: StageFolder): Promise<void> {
  if (await folder.has(CHECKPOINT_FILE)) await folder.remove(CHECKPOINT_FILE);
}
