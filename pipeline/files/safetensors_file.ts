import {
  headerBytes,
  LENGTH_BYTES,
  parseHeader,
  type SafetensorsHeader,
} from "../../model/weights/safetensors_header.ts";
import { readInto, RegularFile } from "../../data/files/regular_file.ts";

/** Reads a safetensors file's header and leaves the arrays, a hundred megabytes perhaps, on the disk. */
export async function readSafetensorsHeader(path: string): Promise<SafetensorsHeader> {
  await using file = await RegularFile.open(path);
  const length = new Uint8Array(Math.min(file.size, LENGTH_BYTES));
  await readInto(file, length);
  const beginning = new Uint8Array(headerBytes(length, file.size));
  beginning.set(length);
  await readInto(file, beginning.subarray(length.length));
  return parseHeader(beginning, file.size);
}
