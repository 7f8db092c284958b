import { fromFileUrl } from "@std/path";

/** A HEIC or its picture as a PNG from beside this file; how they were made is in `make_photos.py`. */
export async function heicFile(name: string): Promise<Uint8Array<ArrayBuffer>> {
  return await Deno.readFile(new URL(name, import.meta.url));
}

/** The folder of eight cats and eight dogs as HEIC. */
export const HEIC_PHOTOS = fromFileUrl(new URL("photos", import.meta.url));

/** A copy of an ISO media file in which the first box of a type has other bytes, `offset` behind its type. */
export function withBoxBytes(
  file: Uint8Array,
  type: string,
  offset: number,
  bytes: readonly number[],
): Uint8Array<ArrayBuffer> {
  const letters = [...type].map((letter) => letter.charCodeAt(0));
  const at = file.findIndex((_, k) => letters.every((letter, j) => file[k + j] === letter));
  if (at < 0) throw new Error(`Cannot change a box: expected ${type} in the file, got none`);
  const changed = Uint8Array.from(file);
  changed.set(bytes, at + 4 + offset);
  return changed;
}
