import {
  headerBytes,
  LENGTH_BYTES,
  parseHeader,
  type SafetensorsHeader,
} from "../../model/weights/safetensors_header.ts";

/** Reads a safetensors file's header and leaves the arrays, a hundred megabytes perhaps, on the disk. */
export async function readSafetensorsHeader(path: string): Promise<SafetensorsHeader> {
  using file = await Deno.open(path);
  const { size } = await file.stat();
  const length = new Uint8Array(Math.min(size, LENGTH_BYTES));
  await readInto(file, length);
  const beginning = new Uint8Array(headerBytes(length, size));
  await file.seek(0, Deno.SeekMode.Start);
  await readInto(file, beginning);
  return parseHeader(beginning, size);
}

/**
 * Fills an array with what follows in a file.
 * @throws Error when the file ends before.
 */
export async function readInto(file: Deno.FsFile, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.length;) {
    const count = await file.read(bytes.subarray(at));
    if (count === null) throw new Error(`Cannot read an array: expected ${bytes.length} bytes, got ${at}`);
    at += count;
  }
}
