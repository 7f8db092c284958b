import { join } from "@std/path";
import { PhotoSourceError } from "./photo_source_error.ts";

/** Where the labelled photos and the photos to predict are, as far as they were found. */
export interface PhotoSets {
  readonly train?: string;
  readonly test?: string;
}

/** In the order of preference: what is unpacked goes before the zip file that it came from. Kaggle has used both names. */
const NAMES = {
  train: ["train", "train.zip"],
  test: ["test", "test1", "test.zip", "test1.zip"],
} as const;

/**
 * Looks in a folder for `train` and `test`, as folders or as Kaggle's zip files (names in any case).
 * @throws PhotoSourceError when the folder cannot be listed.
 */
export async function findPhotoSets(folder: string): Promise<PhotoSets> {
  const found = new Map<string, string>();
  try {
    const names: string[] = [];
    for await (const { name } of Deno.readDir(folder)) names.push(name);
    for (const name of names.sort()) found.set(name.toLowerCase(), join(folder, name));
  } catch (thrown) {
    throw PhotoSourceError.from(`Cannot look into ${folder}: expected a folder that can be read`, thrown);
  }
  const pathOf = (names: readonly string[]) => found.get(names.find((name) => found.has(name)) ?? "");
  return { train: pathOf(NAMES.train), test: pathOf(NAMES.test) };
}
