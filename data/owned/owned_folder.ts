import { basename, dirname, join, relative, resolve } from "@std/path";
import { appendAfter } from "./append_file.ts";
import { FolderError } from "./folder_error.ts";
import { FOLDER_KINDS, type FolderKind } from "./folder_kinds.ts";
import { FolderLedger } from "./folder_ledger.ts";
import { type FolderState, folderState, markFolder } from "./folder_marker.ts";
import { LockedFile } from "./locked_file.ts";
import { isPathBelow } from "./plain_name.ts";
import {
  finishFile,
  finishNewFile,
  lstatIfThere,
  removeFile,
  replaceFile,
  UNFINISHED,
  writeBeside,
} from "./replace_file.ts";

/** Of a file that processes write on in turn: it is read whole. */
const MAXIMUM_LOCKED_BYTES = 256 * 2 ** 20;

/**
 * A folder that this program made and marked as its own. Files are written and removed through it alone: it writes over
 * no file that is not in its ledger, removes none that is not, and follows no link below its root. Paths are relative to
 * the root, with `/` between names. The folder is made and marked when something is first written.
 */
export class OwnedFolder {
  #ledger?: Promise<FolderLedger>;

  constructor(readonly root: string, readonly kind: FolderKind) {}

  /**
   * Makes the folder unless it is there.
   * @throws FolderError when somebody else's stands in its place.
   */
  async claim(): Promise<void> {
    await this.#opened();
  }

  /** Whether the program wrote the file that stands at this path. */
  async owns(path: string): Promise<boolean> {
    return (await this.#ledgerIfThere())?.has(path) ?? false;
  }

  /** Names of the program's own files in a folder below the root, or in the root itself, sorted. */
  async names(folder = ""): Promise<string[]> {
    const names: string[] = [];
    for (const path of (await this.#ledgerIfThere())?.paths ?? []) {
      if (folderOf(path) !== folder) continue;
      if ((await lstatIfThere(join(this.root, path)))?.isFile) names.push(basename(path));
    }
    return names.sort();
  }

  /** Names of the folders right below one that the program wrote files into, sorted. */
  async folders(folder: string): Promise<string[]> {
    const paths = [...(await this.#ledgerIfThere())?.paths ?? []].filter((path) => path.startsWith(`${folder}/`));
    const names = paths.map((path) => path.slice(folder.length + 1).split("/")).filter(({ length }) => length > 1);
    return [...new Set(names.map(([name]) => name))].sort();
  }

  /**
   * Says which files are about to be written, in one step for many.
   * @throws FolderError when another's file or link stands in the place of one.
   */
  async announce(paths: readonly string[]): Promise<void> {
    const out = paths.find((path) => !isPathBelow(path));
    if (out !== undefined) throw new RangeError(`Cannot write ${out}: expected a path below ${this.root}`);
    const ledger = await this.#opened();
    for (const path of paths) {
      if (path.endsWith(UNFINISHED)) {
        throw new RangeError(
          `Cannot write ${path}: expected a name that does not end in ${UNFINISHED}, which files have while they are written`,
        );
      }
      await this.#realFolder(folderOf(path));
      if (ledger.has(path)) continue;
      for (const place of [path, `${path}${UNFINISHED}`]) await this.#assertFree(place);
    }
    await ledger.enter(paths);
  }

  /** Writes a file: whole, or as it was before. */
  async write(path: string, bytes: Uint8Array): Promise<void> {
    await this.announce([path]);
    await replaceFile(join(this.root, path), bytes);
  }

  /** Writes a file where there is none; what another process has written there just before stays. */
  async create(path: string, bytes: Uint8Array): Promise<void> {
    await this.announce([path]);
    await writeBeside(join(this.root, path), bytes);
    await finishNewFile(join(this.root, path));
  }

  /**
   * Writes bytes after the first `length` bytes of a file of the program's own, where it can be written on: the file is
   * in its place, has so many bytes and no second name, under which it may be anybody's.
   * @returns false, and writes nothing, when it is not so.
   */
  async append(path: string, length: number, bytes: Uint8Array): Promise<boolean> {
    if (!await this.owns(path)) return false;
    await this.assertReal(folderOf(path));
    const place = join(this.root, path);
    const found = await lstatIfThere(place);
    const isOurs = found?.isFile && (found.nlink ?? 1) === 1 && found.size >= length;
    return isOurs ? await appendAfter(place, length, bytes) : false;
  }

  /**
   * Opens a file of the program's own that several processes write on in turn, alone with it until it is disposed of, and
   * makes it where there is none.
   * @throws FolderError when what stands in its place is another's, or has a second name, under which it may be anybody's.
   */
  async openLocked(path: string): Promise<LockedFile> {
    await this.announce([path]);
    const place = join(this.root, path);
    const found = await lstatIfThere(place);
    const isOurs = found === undefined ||
      (found.isFile && (found.nlink ?? 1) === 1 && found.size <= MAXIMUM_LOCKED_BYTES);
    const opened = isOurs ? await LockedFile.open(place, { create: true }) : undefined;
    if (opened) return opened;
    throw new FolderError(
      `Cannot write ${place}: expected the file that this program wrote, got a link, a file of several names or a ` +
        `giant. Move it away, then do the same again`,
    );
  }

  /** Writes an announced file that gets its name by `finish` only, and does not wait for the disk. */
  async prepare(path: string, bytes: Uint8Array): Promise<void> {
    await writeBeside(join(this.root, path), bytes, { sync: false });
  }

  async finish(path: string): Promise<void> {
    await finishFile(join(this.root, path));
  }

  /** Removes files of the program's own, finished or not. Another's is left as it is, and so is what a link leads to. */
  async remove(...paths: readonly string[]): Promise<void> {
    const ledger = await this.#ledgerIfThere();
    const own = paths.filter((path) => ledger?.has(path));
    for (const folder of new Set(own.map(folderOf))) await this.#realFolder(folder, { make: false });
    for (const path of own) {
      for (const place of [path, `${path}${UNFINISHED}`]) await removeFile(join(this.root, place));
    }
    await ledger?.strike(own);
  }

  /** Removes a folder below the root if nothing is in it; what is in it is somebody else's. */
  async removeEmpty(folder: string): Promise<void> {
    await this.#realFolder(folder, { make: false });
    if (folder !== "") await Deno.remove(join(this.root, folder)).catch(() => {});
  }

  /** Paths of the program's own files below the root, whether they are there or not yet. */
  async paths(): Promise<readonly string[]> {
    return [...(await this.#ledgerIfThere())?.paths ?? []];
  }

  /** Removes what was begun of the program's own files in a folder and did not get its name. */
  async removeUnfinished(folder: string): Promise<void> {
    const paths = [...(await this.#ledgerIfThere())?.paths ?? []].filter((path) => folderOf(path) === folder);
    if (paths.length > 0) await this.#realFolder(folder, { make: false });
    for (const path of paths) await removeFile(join(this.root, `${path}${UNFINISHED}`));
  }

  /**
   * Checks that a folder below the root is one, and no link to another place.
   * @throws FolderError when it is something else.
   */
  async assertReal(folder: string): Promise<void> {
    await this.#realFolder(folder, { make: false });
  }

  async #opened(): Promise<FolderLedger> {
    const state = await folderState(this.root, this.kind);
    if (state.is === "owned" && this.#ledger) return await caughtUp(this.#ledger);
    await assertTakeable(this.root, this.kind, state);
    const id = state.is === "owned" ? state.id : await markFolder(this.root, this.kind);
    this.#ledger = FolderLedger.open(this.root, id);
    return await this.#ledger;
  }

  /** The ledger, without making the folder. */
  async #ledgerIfThere(): Promise<FolderLedger | undefined> {
    const state = await folderState(this.root, this.kind);
    if (state.is !== "owned") return undefined;
    this.#ledger ??= FolderLedger.open(this.root, state.id);
    return await caughtUp(this.#ledger);
  }

  async #realFolder(folder: string, { make } = { make: true }): Promise<void> {
    if (folder === "") return;
    await this.#realFolder(folderOf(folder), { make });
    const path = join(this.root, folder);
    const found = await lstatIfThere(path);
    if (!found && make) await makeFolder(path);
    if (!found || found.isDirectory) return;
    throw new FolderError(
      `Cannot use ${path}: expected a folder of ${FOLDER_KINDS[this.kind].one}, got a ` +
        `${found.isSymlink ? "link" : "file"}. Move it away, then run the same command again`,
    );
  }

  async #assertFree(path: string): Promise<void> {
    const place = join(this.root, path);
    const found = await lstatIfThere(place);
    if (!found) return;
    const what = found.isSymlink ? "link" : found.isDirectory ? "folder" : "file";
    throw new FolderError(
      `Cannot write ${place}: expected nothing there but what this program wrote, got another ${what}. Move it away, ` +
        `then run the same command again`,
    );
  }
}

/** Makes a folder, unless somebody else makes it just then. */
async function makeFolder(path: string): Promise<void> {
  await Deno.mkdir(path).catch((thrown) => {
    if (!(thrown instanceof Deno.errors.AlreadyExists)) throw thrown;
  });
  if (!(await Deno.lstat(path)).isDirectory) throw new Deno.errors.AlreadyExists(`${path} is no folder`);
}

/** A ledger with what other processes have written since it was read. */
async function caughtUp(opening: Promise<FolderLedger>): Promise<FolderLedger> {
  const ledger = await opening;
  await ledger.catchUp();
  return ledger;
}

/** The folder of a path below a root, `""` for the root itself. */
function folderOf(path: string): string {
  const folder = dirname(path);
  return folder === "." ? "" : folder;
}

/**
 * Checks that a folder is free or this program's, of that kind.
 * @throws FolderError naming what is in the way, and another name.
 */
export async function assertTakeable(root: string, kind: FolderKind, known?: FolderState): Promise<void> {
  const state = known ?? await folderState(root, kind);
  if (state.is === "free" || state.is === "owned") return;
  const { one, option } = FOLDER_KINDS[kind];
  const got = state.is === "no folder" ? "a file" : `one that holds ${state.holds}`;
  throw new FolderError(
    `Cannot write into ${root}: expected a new or an empty folder or ${one}, got ${got}. Name another: ${option} ` +
      `${await freeName(root, kind)}`,
  );
}

/** A name beside a path that nothing has yet. */
export async function freeName(path: string, kind: FolderKind): Promise<string> {
  const beside = resolve(path);
  for (let number = 1;; number++) {
    const name = `${beside}-${FOLDER_KINDS[kind].ending}${number === 1 ? "" : `-${number}`}`;
    if (await lstatIfThere(name)) continue;
    return path.startsWith("/") ? name : relative(Deno.cwd(), name);
  }
}
