import { join } from "@std/path";
import { pooledMap } from "@std/async/pool";
import { compareIds } from "../labels.ts";
import { PhotoError } from "../picture/photo_error.ts";
import { PhotoSourceError, reasonOf } from "./photo_source_error.ts";
import { isPicturePath } from "../picture/picture_format.ts";
import type { PhotoSource, SourceEntry } from "./source_entry.ts";

/** Files whose size and time are asked for at a time. */
const STATS_AT_ONCE = 32;

/** Photos in a folder and the folders below it. Links are followed. */
export class FolderSource implements PhotoSource {
  readonly #root: string;

  constructor(root: string) {
    this.#root = root;
  }

  async list(): Promise<SourceEntry[]> {
    const ids: string[] = [];
    await this.#collect("", [], ids);
    const entries: SourceEntry[] = [];
    for await (const entry of pooledMap(STATS_AT_ONCE, ids, (id) => this.#entry(id))) entries.push(entry);
    return entries.sort((a, b) => compareIds(a.id, b.id));
  }

  async read(id: string): Promise<Uint8Array<ArrayBuffer>> {
    try {
      return await Deno.readFile(join(this.#root, id));
    } catch (thrown) {
      throw new PhotoError(`unreadable: ${reasonOf(thrown)}`, { cause: thrown });
    }
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  /** Adds the ids of the pictures below `folder`. `above` holds the real paths on the way down, to end loops of links. */
  async #collect(folder: string, above: readonly string[], ids: string[]): Promise<void> {
    const path = join(this.#root, folder);
    try {
      const realPath = await Deno.realPath(path);
      if (above.includes(realPath)) return;
      for await (const entry of Deno.readDir(path)) {
        const id = folder === "" ? entry.name : `${folder}/${entry.name}`;
        if (await isFolder(entry, join(path, entry.name))) await this.#collect(id, [...above, realPath], ids);
        else if (isPicturePath(id)) ids.push(id);
      }
    } catch (thrown) {
      if (thrown instanceof PhotoSourceError) throw thrown;
      throw PhotoSourceError.from(`Cannot list ${path}: expected a folder that can be read`, thrown);
    }
  }

  /** A link to nothing and the like is listed as empty: reading it says what is wrong. */
  async #entry(id: string): Promise<SourceEntry> {
    try {
      const { size, mtime } = await Deno.stat(join(this.#root, id));
      return { id, bytes: size, modified: mtime?.getTime() ?? 0 };
    } catch {
      return { id, bytes: 0, modified: 0 };
    }
  }
}

async function isFolder(entry: Deno.DirEntry, path: string): Promise<boolean> {
  if (!entry.isSymlink) return entry.isDirectory;
  try {
    return (await Deno.stat(path)).isDirectory;
  } catch {
    return false;
  }
}
