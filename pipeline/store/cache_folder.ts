import { join } from "@std/path";
import { markerFile } from "../../data/owned/folder_marker.ts";
import { LockedFile } from "../../data/owned/locked_file.ts";
import { OwnedFolder } from "../../data/owned/owned_folder.ts";
import { explained } from "../files/explained.ts";
import { StageFolder } from "./run_folder.ts";

/** What a set was made by, in its own folder. Whoever uses the set holds a lock on it. */
export const SET_FILE = "set.json";

/**
 * The folder that keeps what all runs share, in sets, a folder each. Files get their names when they are whole and are
 * never written again: whoever finds one may read it. A process that uses a set holds it, shared with others that do, and
 * the system lets go of it when the process ends, however it ends; only who holds it alone removes what is whole.
 */
export class CacheFolder {
  readonly owned: OwnedFolder;
  readonly #held = new Map<string, Deno.FsFile>();
  readonly #used = new Set<string>();
  #isAnew = false;

  constructor(readonly root: string) {
    this.owned = new OwnedFolder(root, "features");
  }

  /** From now on nothing is taken that this process has not made itself. */
  beginAnew(): void {
    this.#isAnew = true;
  }

  /** Whether what other processes have made is taken. */
  get takesOthers(): boolean {
    return !this.#isAnew;
  }

  set(name: string): StageFolder {
    return new StageFolder(this.owned, name);
  }

  /**
   * Makes a set where there is none, and holds it until `close`.
   * @param text what the set was made by
   * @throws FolderError when the cache's folder is somebody else's.
   */
  async begin(name: string, text: string): Promise<StageFolder> {
    const set = this.set(name);
    // Whoever removes sets may do so between two steps of this.
    do await this.create(name, SET_FILE, text); while (!await this.#hold(name));
    return set;
  }

  /** Writes a file where there is none. */
  async create(set: string, file: string, text: string): Promise<void> {
    await this.#inTurn(() => this.set(set).create(file, text));
  }

  /** Says which files of a set, that any process may make, are about to be made. */
  async announce(set: string, files: readonly string[]): Promise<void> {
    await this.#inTurn(() => this.owned.announce(files.map((file) => `${set}/${file}`)));
  }

  /** Of two processes that make the same files at once, one waits. */
  async #inTurn(work: () => Promise<void>): Promise<void> {
    await this.owned.claim();
    using _turn = await LockedFile.open(join(this.root, markerFile("features")), { create: false });
    await work();
  }

  /** Holds the set that a file is in, and notes that the file was used just now; where neither can be, it is read all the same. */
  async use(set: string, file: string): Promise<void> {
    const path = this.set(set).path(file);
    if (this.#used.has(path)) return;
    this.#used.add(path);
    try {
      await this.#hold(set);
      const { mtime } = await Deno.stat(path);
      await Deno.utime(path, new Date(), mtime ?? new Date());
    } catch {
      // It is gone, or on a disk that cannot be written.
    }
  }

  /**
   * Holds a set alone, or gives `undefined` where another process or this one uses it.
   * @returns lets go of it when it is disposed of
   */
  async holdAlone(name: string): Promise<Disposable | undefined> {
    if (this.#held.has(name)) return undefined;
    const file = await this.#open(name);
    if (file === undefined) return { [Symbol.dispose]: () => {} };
    if (await file.tryLock(true)) return { [Symbol.dispose]: () => file.close() };
    file.close();
    return undefined;
  }

  close(): void {
    for (const file of this.#held.values()) file.close();
    this.#held.clear();
    this.#used.clear();
  }

  /** @returns whether the set is there and held. */
  async #hold(name: string): Promise<boolean> {
    if (this.#held.has(name)) return true;
    const file = await this.#open(name);
    if (file === undefined) return false;
    await file.lock(false);
    if (!await this.set(name).has(SET_FILE)) {
      file.close();
      return false;
    }
    // Two calls may have come here at once.
    this.#held.get(name)?.close();
    this.#held.set(name, file);
    return true;
  }

  async #open(name: string): Promise<Deno.FsFile | undefined> {
    const path = join(this.root, name, SET_FILE);
    try {
      return await Deno.open(path);
    } catch (thrown) {
      if (thrown instanceof Deno.errors.NotFound) return undefined;
      throw explained(thrown, path, "--cache");
    }
  }
}
