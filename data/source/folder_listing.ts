import { join } from "@std/path";
import { compareIds } from "../id_order.ts";
import { PhotoSourceError, reasonOf } from "../photo_source_error.ts";
import { fileKind } from "./file_kind.ts";
import type { LeftOut } from "./left_out.ts";

/** A file with a picture's name. */
export interface ListedFile {
  /** Its path below the folder, parts separated by `/`. */
  readonly id: string;
  /** The id under which the very same file is listed too, where this path leads to it through a link. */
  readonly sameAs?: string;
}

/** What stands for the bytes of a name that are not UTF-8. */
const REPLACEMENT = "\ufffd";

/**
 * Looks through a folder and those below it for files with pictures' names, and tells of all the others. Links are
 * followed, after everything that lies there itself: so a folder that several paths lead to, round in a circle too, is
 * looked through once, by its own path. Whatever cannot be looked into is said, and the rest goes on.
 */
export class FolderListing {
  readonly files: ListedFile[] = [];
  /** Ids, made up, of files that cannot be asked for, since their names are not UTF-8. */
  readonly nameless: string[] = [];
  /** What is no photo by its name, and folders that hold nothing. */
  readonly leftOut: LeftOut[] = [];
  /** Folders that were not looked into, and why, in one line each. */
  readonly unseen: string[] = [];
  /** Ids of links that have not been followed yet. */
  readonly #links: string[] = [];
  /** The first path to each folder that was looked through and to each file that was listed, by its real path. */
  readonly #known = new Map<string, string>();

  private constructor(readonly root: string) {}

  /** @throws PhotoSourceError when the folder itself cannot be listed. */
  static async of(root: string): Promise<FolderListing> {
    const listing = new FolderListing(root);
    try {
      await listing.#lookThrough("");
    } catch (thrown) {
      throw PhotoSourceError.from(`Cannot list ${root}: expected a folder that can be read`, thrown);
    }
    for (let link = listing.#links.shift(); link !== undefined; link = listing.#links.shift()) {
      await listing.#follow(link);
    }
    return listing;
  }

  async #lookThrough(folder: string): Promise<void> {
    const path = join(this.root, folder);
    const realPath = await Deno.realPath(path);
    const known = this.#known.get(realPath);
    if (known !== undefined) {
      this.unseen.push(
        `${folder} is left out: it is the same folder as ${known === "" ? "the one around it" : known}`,
      );
      return;
    }
    this.#known.set(realPath, folder);
    const entries = await Array.fromAsync(Deno.readDir(path));
    const isEmpty = entries.length === 0 && folder !== "";
    if (isEmpty && fileKind(folder) === "other") this.leftOut.push({ id: folder, kind: "emptyFolder" });
    entries.sort((a, b) => compareIds(a.name, b.name));
    const names = new Set<string>();
    for (const { name, isSymlink, isDirectory } of entries) {
      const id = folder === "" ? name : `${folder}/${name}`;
      if (name.includes(REPLACEMENT) && (names.has(name) || !await isThere(join(path, name)))) {
        this.#addNameless(id, isDirectory);
        continue;
      }
      names.add(name);
      if (isSymlink) this.#links.push(id);
      else if (isDirectory) await this.#lookInto(id);
      else this.#add(id, `${realPath}/${name}`);
    }
  }

  async #lookInto(folder: string): Promise<void> {
    try {
      await this.#lookThrough(folder);
    } catch (thrown) {
      this.unseen.push(`the folder ${shortened(folder)} is left out, it cannot be looked into: ${reasonOf(thrown)}`);
    }
  }

  async #follow(id: string): Promise<void> {
    const path = join(this.root, id);
    const target = await Deno.stat(path).catch(() => undefined);
    if (target?.isDirectory) await this.#lookInto(id);
    else this.#add(id, target ? await Deno.realPath(path) : path);
  }

  #add(id: string, realPath: string): void {
    const kind = fileKind(id);
    if (kind !== "photo") {
      this.leftOut.push({ id, kind });
      return;
    }
    const sameAs = this.#known.get(realPath);
    if (sameAs === undefined) this.#known.set(realPath, id);
    this.files.push(sameAs === undefined ? { id } : { id, sameAs });
  }

  #addNameless(id: string, isDirectory: boolean): void {
    if (isDirectory) {
      this.unseen.push(`the folder ${id} is left out: its name is not UTF-8. Rename it`);
      return;
    }
    const kind = fileKind(id);
    if (kind !== "photo") this.leftOut.push({ id, kind });
    else {
      let made = id;
      for (let count = 2; this.nameless.includes(made) || this.#isListed(made); count++) made = `${id} (${count})`;
      this.nameless.push(made);
    }
  }

  #isListed(id: string): boolean {
    return this.files.some((file) => file.id === id);
  }
}

/** A path that may be thousands of letters long, to be told in a line. */
function shortened(path: string): string {
  return path.length <= 120 ? path : `${path.slice(0, 80)}...${path.slice(-30)}`;
}

async function isThere(path: string): Promise<boolean> {
  return await Deno.lstat(path).then(() => true, () => false);
}
