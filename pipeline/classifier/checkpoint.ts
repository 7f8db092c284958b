import { z } from "zod";
import { Safetensors, type StoredArray, storedTensor, writeSafetensors } from "../../model/weights/safetensors.ts";
import { SafetensorsError } from "../../model/weights/safetensors_header.ts";
import type { TensorMap } from "../../model/tensor.ts";
import { sha256 } from "../files/hashing.ts";
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
