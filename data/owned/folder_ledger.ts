import { z } from "zod";
import { join } from "@std/path";
import { appendAfter } from "./append_file.ts";
import { FolderError } from "./folder_error.ts";
import { isPathBelow } from "./plain_name.ts";
import { lstatIfThere } from "./replace_file.ts";

/** Where a folder keeps the list of what was written into it, one line of JSON for each change. */
export const LEDGER_FILE = "files.jsonl";

const Path = z.string().refine(isPathBelow);
const Heading = z.strictObject({ folder: z.uuid() });
const Line = z.union([z.strictObject({ wrote: Path }), z.strictObject({ removed: Path })]);

/**
 * The files that this program wrote into a folder of its own. A file is in the ledger before it is on the disk: whatever
 * is not in it is somebody else's, whenever the program was stopped.
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
    const found = await lstatIfThere(ledger.path);
    if (found?.isFile) ledger.#read(await Deno.readFile(ledger.path));
    else if (found) throw ledger.#refused();
    return ledger;
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

  /** Strikes out a file that was removed. */
  async strike(path: string): Promise<void> {
    if (this.#paths.has(path)) await this.#append([{ removed: path }]);
    this.#paths.delete(path);
  }

  #read(bytes: Uint8Array): void {
    this.#length = bytes.lastIndexOf(0x0a) + 1;
    const text = new TextDecoder().decode(bytes.subarray(0, this.#length));
    const [heading, ...lines] = text.split("\n").slice(0, -1);
    if (heading === undefined) return;
    try {
      if (Heading.parse(JSON.parse(heading)).folder !== this.id) throw this.#refused();
      for (const line of lines) {
        const change = Line.parse(JSON.parse(line));
        if ("wrote" in change) this.#paths.add(change.wrote);
        else this.#paths.delete(change.removed);
      }
    } catch {
      throw this.#refused();
    }
  }

  async #append(lines: readonly object[]): Promise<void> {
    const all = this.#length === 0 ? [Heading.parse({ folder: this.id }), ...lines] : lines;
    const bytes = new TextEncoder().encode(all.map((line) => JSON.stringify(line) + "\n").join(""));
    if (!await appendAfter(this.path, this.#length, bytes)) throw this.#refused();
    this.#length += bytes.length;
  }

  #refused(): FolderError {
    return new FolderError(
      `Cannot use ${this.path}: expected the list of the files written there, got something else. It was edited, ` +
        `damaged or belongs to another folder: start again in a new folder, or remove this one yourself`,
    );
  }
}
