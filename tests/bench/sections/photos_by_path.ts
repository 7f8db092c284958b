import type { PhotoToTransform } from "../../../data/picture/batches/batch_transform.ts";
import { withPixels } from "../../../data/picture/decode.ts";
import { wholeBox } from "../../../data/picture/pixels.ts";
import { sha256 } from "../../../pipeline/files/hashing.ts";
import { readScanned } from "../../../pipeline/runner/read_scanned.ts";

/** Reads photos by their paths. */
const BY_PATH = {
  photos: () =>
    Promise.resolve({
      list: () => Promise.resolve([]),
      read: (path: string) => Deno.readFile(path),
      close: () => Promise.resolve(),
    }),
};

/** Photos as the transform stage reads them: each compared with what a scan told of it. */
export async function photosByPath(paths: readonly string[]): Promise<PhotoToTransform[]> {
  const photos: PhotoToTransform[] = [];
  for (const path of paths) {
    const bytes = await Deno.readFile(path);
    const box = await withPixels(bytes, wholeBox);
    const photo = { id: path, sha256: sha256(bytes) };
    photos.push({ bytes: bytes.length, box, read: () => readScanned("train", photo, BY_PATH) });
  }
  return photos;
}
