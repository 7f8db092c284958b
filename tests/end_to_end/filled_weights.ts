import { join } from "@std/path";
import { Safetensors, type StoredArray, storedTensor, writeSafetensors } from "../../model/weights/safetensors.ts";
import { WEIGHTS_FOLDER } from "../../pipeline/weights/weights_manifest.ts";

/** A file of the mini set in which every number is the same. */
export async function filledWith(name: string, value: number): Promise<Uint8Array> {
  const file = new Safetensors(await Deno.readFile(join(WEIGHTS_FOLDER, name)));
  const arrays = new Map<string, StoredArray>();
  for (const [array, { shape }] of file.entries) {
    arrays.set(array, storedTensor({ shape, data: file.tensor(array).data.map(() => value) }));
  }
  return writeSafetensors(arrays, Object.fromEntries(file.metadata));
}
