import { join } from "@std/path";
import pMap from "p-map";
import { FolderListing, type ListedFile } from "./folder_listing.ts";
import type { LeftOut } from "./left_out.ts";
import { firstLines } from "./first_lines.ts";
import { compareIds } from "../id_order.ts";
import { PhotoError } from "../photo_error.ts";
import { readPhotoFile } from "../picture/photo_file.ts";
import type { PhotoSource, SourceEntry } from "./source_entry.ts";

/** Files whose size and time are asked for at a time. */
const STATS_AT_ONCE = 32;

/** Photos in a folder and the folders below it. Links are followed. */
export class FolderSource implements PhotoSource {
  readonly #root: string;
  /** Files whose names this program cannot hand to the system, by their ids. */
  #nameless: ReadonlySet<string> = new Set();

  constructor(root: string) {
    this.#root = root;
  }

  async list(
    warn: (line: string) => void = () => {},
    leaveOut: (left: LeftOut) => void = () => {},
  ): Promise<SourceEntry[]> {
    const { files, nameless, leftOut, unseen } = await FolderListing.of(this.#root);
    firstLines(unseen, "folders").forEach(warn);
    leftOut.forEach(leaveOut);
    this.#nameless = new Set(nameless);
    const found = await pMap(files, (file) => this.#entry(file), { concurrency: STATS_AT_ONCE });
    const entries = [...nameless.map((id): SourceEntry => ({ id, bytes: 0, modified: 0 })), ...found];
    return entries.sort((a, b) => compareIds(a.id, b.id));
  }

  async read(id: string): Promise<Uint8Array<ArrayBuffer>> {
    if (this.#nameless.has(id)) throw new PhotoError("unreadable: its name is not UTF-8. Rename it");
    return await readPhotoFile(join(this.#root, id));
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  /** A link to nothing and the like is listed as empty: reading it says what is wrong. */
  async #entry({ id, sameAs }: ListedFile): Promise<SourceEntry> {
    const same = sameAs === undefined ? {} : { sameAs };
    try {
      const { size, mtime, ctime } = await Deno.stat(join(this.#root, id));
      return { id, bytes: size, modified: Math.max(mtime?.getTime() ?? 0, ctime?.getTime() ?? 0), ...same };
    } catch {
      return { id, bytes: 0, modified: 0, ...same };
    }
  }
}
