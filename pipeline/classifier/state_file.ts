import { Safetensors, type StoredArray, storedTensor, writeSafetensors } from "../../model/weights/safetensors.ts";
import type { TensorMap } from "../../model/tensor.ts";
import type { ReadableFolder } from "../store/run_folder.ts";

/** The file with the state that a fit has kept. */
export const STATE_FILE = "state.safetensors";

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

/** The state that a stage's fit has kept. */
export async function readState(folder: ReadableFolder): Promise<TensorMap> {
  return (await readTensorFile(folder, STATE_FILE)).tensors;
}
