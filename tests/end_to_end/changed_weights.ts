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

/** A file of the mini set for photos of another size, in pixels: small ones spare a slow engine most of the work. */
export async function forPhotosOf(size: number, name: string): Promise<Uint8Array> {
  const file = new Safetensors(await Deno.readFile(join(WEIGHTS_FOLDER, name)));
  const arrays = new Map([...file.entries.keys()].map((array) => [array, file.array(array)]));
  return writeSafetensors(arrays, { ...Object.fromEntries(file.metadata), input_size: `${size}` });
}
