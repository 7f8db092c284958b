import { createHash } from "node:crypto";
import { join } from "@std/path";
import { z } from "zod";
import { readRegularFile } from "../files/regular_file.ts";
import { FolderError } from "../owned/folder_error.ts";
import type { OwnedFolder } from "../owned/owned_folder.ts";
import { lstatIfThere } from "../owned/replace_file.ts";

const HASHES_FILE = "drawn.json";
/** More than any drawn photo, or the list of their hashes, has. */
const MAXIMUM_BYTES = 16 * 2 ** 20;
const Hashes = z.record(z.string(), z.array(z.string()));

const sha256 = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");

/**
 * What the photos of a sample's folder are when they are as they were drawn. A photo that somebody has put in the place
 * of a drawn one is theirs, whatever its name.
 */
export class DrawnPhotos {
  /** By path, the hashes of all that was drawn for it. */
  readonly #hashes: Map<string, string[]>;

  private constructor(readonly folder: OwnedFolder, hashes: Iterable<[string, string[]]>) {
    this.#hashes = new Map(hashes);
  }

  /** Reads the hashes that a folder keeps; of a folder where none can be read nothing was drawn. */
  static async open(folder: OwnedFolder): Promise<DrawnPhotos> {
    if (!await folder.owns(HASHES_FILE)) return new DrawnPhotos(folder, []);
    try {
      const text = new TextDecoder().decode(await readRegularFile(join(folder.root, HASHES_FILE), MAXIMUM_BYTES));
      return new DrawnPhotos(folder, Object.entries(Hashes.parse(JSON.parse(text))));
    } catch {
      return new DrawnPhotos(folder, []);
    }
  }

  add(path: string, bytes: Uint8Array): void {
    const known = this.#hashes.get(path) ?? [];
    this.#hashes.set(path, [...known.filter((hash) => hash !== sha256(bytes)), sha256(bytes)]);
  }

  /** Keeps the hashes: before the photos that they are of are put into their places. */
  async save(): Promise<void> {
    await this.folder.write(HASHES_FILE, new TextEncoder().encode(JSON.stringify(Object.fromEntries(this.#hashes))));
  }

  /**
   * Checks that what stands at these paths, if anything, was drawn.
   * @throws FolderError naming what was not.
   */
  async assertDrawn(paths: Iterable<string>): Promise<void> {
    for (const path of paths) {
      const place = join(this.folder.root, path);
      const found = await lstatIfThere(place);
      if (!found) continue;
      const mayBe = found.isFile && found.size <= MAXIMUM_BYTES;
      if (mayBe && this.#hashes.get(path)?.includes(sha256(await Deno.readFile(place)))) continue;
      throw new FolderError(
        `Cannot replace ${place}: expected the photo that was drawn there, got another file. Move it away, then run ` +
          `the same command again`,
      );
    }
  }
}
