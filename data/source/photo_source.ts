import { FolderSource } from "./folder_source.ts";
import { PhotoSourceError } from "./photo_source_error.ts";
import type { PhotoSource } from "./source_entry.ts";
import { ZipSource } from "./zip_source.ts";

export type { PhotoSource, SourceEntry } from "./source_entry.ts";

/**
 * Opens a folder of photos, or a zip file that is read in place.
 * @throws PhotoSourceError when it is neither, or cannot be read.
 */
export async function openPhotoSource(path: string): Promise<PhotoSource> {
  let found: Deno.FileInfo;
  try {
    found = await Deno.stat(path);
  } catch (thrown) {
    throw PhotoSourceError.from(`Cannot open ${path}: expected a folder of photos or a zip file`, thrown);
  }
  return found.isDirectory ? new FolderSource(path) : await ZipSource.open(path);
}
