import { join } from "@std/path";
import { sha256 } from "../../../pipeline/files/hashing.ts";

/** What stands at each path. */
export type Tree = ReadonlyMap<string, string>;

/** Paths at which two trees differ, each with what was there and what is. */
export function changesIn(before: Tree, after: Tree): string[] {
  const paths = new Set([...before.keys(), ...after.keys()]);
  return [...paths].filter((path) => before.get(path) !== after.get(path))
    .map((path) => `${path}: ${before.get(path) ?? "nothing"} -> ${after.get(path) ?? "nothing"}`);
}

/**
 * All that can be told of each path below a folder, and of the folder itself, without following links: kind, mode, inode,
 * size, both times of change, content. Reading leaves all of it as it is.
 */
export async function treeOf(root: string, below = ""): Promise<Tree> {
  const path = join(root, below);
  const { isDirectory, isSymlink, isFile, size, mtime, ctime, mode, ino, nlink } = await Deno.lstat(path);
  const content = isSymlink ? await Deno.readLink(path) : isFile ? sha256(await Deno.readFile(path)) : "";
  const times = [mtime, ctime].map((time) => time?.getTime());
  const tree = new Map([[below, [...times, mode, ino, nlink, size, content].join(" ")]]);
  if (!isDirectory) return tree;
  const names = [...Deno.readDirSync(path)].map(({ name }) => name).sort();
  for (const name of names) for (const entry of await treeOf(root, join(below, name))) tree.set(...entry);
  return tree;
}
