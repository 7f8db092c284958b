import { z } from "zod";
import { join } from "@std/path";
import type { FolderKind } from "./folder_kinds.ts";
import { lstatIfThere, UNFINISHED } from "./replace_file.ts";

/** What a folder is to this program. */
export type FolderState =
  | { readonly is: "free" }
  | { readonly is: "owned"; readonly id: string }
  | { readonly is: "foreign"; readonly holds: string }
  | { readonly is: "no folder" };

/** Says in a folder that this program made it, as what, and which of all such folders it is. */
const Marker = z.strictObject({
  madeBy: z.literal("cats-vs-dogs"),
  folder: z.string(),
  id: z.uuid(),
});

/** More than any marker has. */
const MAXIMUM_BYTES = 1000;

/** The marker's name in a folder: `run.json`, `sample.json`, `export.json`. */
export function markerFile(kind: FolderKind): string {
  return `${kind}.json`;
}

/** What stands at a path: nothing or an empty folder, a folder of that kind, or what is not this program's. */
export async function folderState(root: string, kind: FolderKind): Promise<FolderState> {
  if (!await lstatIfThere(root)) return { is: "free" };
  const isFolder = await Deno.stat(root).then(({ isDirectory }) => isDirectory, (thrown) => {
    if (thrown instanceof Deno.errors.NotFound) return false;
    throw thrown;
  });
  if (!isFolder) return { is: "no folder" };
  const id = await markedId(join(root, markerFile(kind)), kind);
  if (id !== undefined) return { is: "owned", id };
  const names: string[] = [];
  for await (const { name } of Deno.readDir(root)) if (!await isUnfinishedMarker(root, name, kind)) names.push(name);
  return names.length === 0 ? { is: "free" } : { is: "foreign", holds: names.sort()[0] };
}

/**
 * Makes a folder this program's own, and gives its identity. The marker gets its name when it is whole; of two programs
 * that mark the same folder, one wins and both are told so.
 * @param root a folder whose state is `free`
 */
export async function markFolder(root: string, kind: FolderKind): Promise<string> {
  await Deno.mkdir(root, { recursive: true });
  const id = crypto.randomUUID();
  const path = join(root, markerFile(kind));
  const unfinished = unfinishedMarker(path, id);
  const text = JSON.stringify(Marker.parse({ madeBy: "cats-vs-dogs", folder: kind, id }), null, 2) + "\n";
  await Deno.writeTextFile(unfinished, text, { createNew: true });
  try {
    await nameExclusively(unfinished, path, text);
  } finally {
    await Deno.remove(unfinished);
  }
  return await markedId(path, kind) ?? id;
}

/** Gives a whole file its name unless another has it. Where the disk knows no second names, the text is written anew. */
async function nameExclusively(unfinished: string, path: string, text: string): Promise<void> {
  try {
    await Deno.link(unfinished, path);
  } catch (thrown) {
    if (thrown instanceof Deno.errors.AlreadyExists) return;
    await Deno.writeTextFile(path, text, { createNew: true });
  }
}

async function markedId(path: string, kind: FolderKind): Promise<string | undefined> {
  const found = await lstatIfThere(path);
  if (!found?.isFile || found.size > MAXIMUM_BYTES) return undefined;
  try {
    const { folder, id } = Marker.parse(JSON.parse(await Deno.readTextFile(path)));
    return folder === kind ? id : undefined;
  } catch (thrown) {
    if (thrown instanceof Deno.errors.PermissionDenied) throw thrown;
    return undefined;
  }
}

const unfinishedMarker = (path: string, id: string) => `${path}.${id}${UNFINISHED}`;

/** Whether a name is that of a marker whose writing was killed. Nobody else gives such names. */
async function isUnfinishedMarker(root: string, name: string, kind: FolderKind): Promise<boolean> {
  const id = name.slice(markerFile(kind).length + 1, -UNFINISHED.length);
  if (!z.uuid().safeParse(id).success || name !== unfinishedMarker(markerFile(kind), id)) return false;
  const path = join(root, name);
  const found = await lstatIfThere(path);
  return found?.isFile === true && (found.size === 0 || await markedId(path, kind) === id);
}
