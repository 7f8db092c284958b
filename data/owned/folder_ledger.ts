import { z } from "zod";
import { join } from "@std/path";
import { FolderError } from "./folder_error.ts";
import { LockedFile } from "./locked_file.ts";
import { isPathBelow } from "./plain_name.ts";
import { lstatIfThere } from "./replace_file.ts";

/** Where a folder keeps the list of what was written into it, one line of JSON for each change. */
export const LEDGER_FILE = "files.jsonl";

/** More than a list of a million files has. */
const MAXIMUM_BYTES = 256 * 2 ** 20;

const Path = z.string().refine(isPathBelow);
const Heading = z.strictObject({ folder: z.uuid() });
const Line = z.union([z.strictObject({ wrote: Path }), z.strictObject({ removed: Path })]);

/**
 * The files that this program wrote into a folder of its own. A file is in the ledger before it is on the disk: whatever
 * is not in it is somebody else's, whenever the program was stopped. Several processes may write into the folder: each
 * adds its lines behind those of the others, and takes theirs in.
 */
export class FolderLedger {
  readonly #paths = new Set<string>();
  /** Bytes of whole lines. What a killed program began after them goes before more is written. */
  #length = 0;

  private constructor(readonly path: string, readonly id: string) {}

  /**
   * Reads the ledger of a folder; one that was never written is empty.
   * @param id the folder's identity
   * @throws FolderError when the ledger belongs to another folder or is damaged.
   */
  static async open(root: string, id: string): Promise<FolderLedger> {
    const ledger = new FolderLedger(join(root, LEDGER_FILE), id);
    await ledger.catchUp();
    return ledger;
  }

  /** Takes in what other processes have written since. */
  async catchUp(): Promise<void> {
    const found = await lstatIfThere(this.path);
    if (found && (!found.isFile || found.size > MAXIMUM_BYTES)) throw this.#refused();
    if (found && found.size > this.#length) this.#take((await Deno.readFile(this.path)).subarray(this.#length));
  }

  has(path: string): boolean {
    return this.#paths.has(path);
  }

  get paths(): ReadonlySet<string> {
    return this.#paths;
  }

  /** Enters files that are about to be written. */
  async enter(paths: readonly string[]): Promise<void> {
    const fresh = paths.filter((path) => !this.#paths.has(path));
    if (fresh.length > 0) await this.#append(fresh.map((path) => ({ wrote: Path.parse(path) })));
    for (const path of fresh) this.#paths.add(path);
  }

  /** Strikes out files that were removed. */
  async strike(paths: readonly string[]): Promise<void> {
    const known = paths.filter((path) => this.#paths.has(path));
    if (known.length > 0) await this.#append(known.map((path) => ({ removed: path })));
    for (const path of known) this.#paths.delete(path);
  }

  /** Takes in the whole lines of what follows those that are known. */
  #take(bytes: Uint8Array): void {
    const length = bytes.lastIndexOf(0x0a) + 1;
    const lines = new TextDecoder().decode(bytes.subarray(0, length)).split("\n").slice(0, -1);
    const heading = this.#length === 0 ? lines.shift() : undefined;
    try {
      if (heading !== undefined && Heading.parse(JSON.parse(heading)).folder !== this.id) throw this.#refused();
      for (const line of lines) {
        const change = Line.parse(JSON.parse(line));
        if ("wrote" in change) this.#paths.add(change.wrote);
        else this.#paths.delete(change.removed);
      }
    } catch {
      throw this.#refused();
    }
    this.#length += length;
  }

  async #append(lines: readonly object[]): Promise<void> {
    using file = await LockedFile.open(this.path, { create: this.#length === 0 });
    if (file === undefined || await file.size() < this.#length) throw this.#refused();
    this.#take(await file.readFrom(this.#length));
    const all = this.#length === 0 ? [Heading.parse({ folder: this.id }), ...lines] : lines;
    const bytes = new TextEncoder().encode(all.map((line) => JSON.stringify(line) + "\n").join(""));
    const end = this.#length + bytes.length;
    await file.writeAfter(this.#length, bytes);
    // These lines may have been taken in meanwhile like those of any other process.
    this.#length = Math.max(this.#length, end);
  }

  #refused(): FolderError {
    return new FolderError(
      `Cannot use ${this.path}: expected the list of the files written there, got something else. It was edited, ` +
        `damaged or belongs to another folder: start again in a new folder, or remove this one yourself`,
    );
  }
}
