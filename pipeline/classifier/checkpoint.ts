import { z } from "zod";
import { Safetensors, type StoredArray, storedTensor, writeSafetensors } from "../../model/weights/safetensors.ts";
import type { TensorMap } from "../../model/tensor.ts";
import type { ReadableFolder, StageFolder } from "../runner/run_folder.ts";

/** Tensors as a float32 safetensors file. */
export function tensorFile(tensors: TensorMap, metadata: Record<string, string> = {}): Uint8Array {
  const arrays = new Map<string, StoredArray>();
  for (const [name, tensor] of tensors) arrays.set(name, storedTensor(tensor));
  return writeSafetensors(arrays, metadata);
}

/** All tensors of a safetensors file, and its metadata. */
export async function readTensorFile(folder: ReadableFolder, name: string) {
  const file = new Safetensors(await folder.read(name));
  const tensors = new Map([...file.entries.keys()].map((tensor) => [tensor, file.tensor(tensor)]));
  return { tensors, metadata: file.metadata };
}

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
