import { z } from "zod";
import { readTextIfThere } from "../files/text_file.ts";
import { canonicalJson, type Json, sha256 } from "../files/hashing.ts";
import type { StageFolder } from "./run_folder.ts";

const Known = z.record(z.string(), z.object({ bytes: z.number(), modified: z.number(), sha256: z.string() }));
type Known = z.infer<typeof Known>;

const SealedHashes = z.strictObject({ hashes: Known, seal: z.string() });

/** A file as a folder listing shows it. */
export interface FileStamp {
  /** Size in bytes. */
  readonly bytes: number;
  /** Time of the last change, in milliseconds since 1970. */
  readonly modified: number;
}

/**
 * Content hashes that were computed before, by name. A file is read again only where its size or time changed, so that
 * a second run over thousands of photos takes seconds; what decides is still the content's hash.
 */
export class KnownHashes {
  #known: Map<string, FileStamp & { sha256: string }>;
  #changed = false;

  private constructor(
    readonly folder: StageFolder,
    readonly file: string,
    readonly owner: Json,
    known: Iterable<[string, FileStamp & { sha256: string }]>,
  ) {
    this.#known = new Map(known);
  }

  /**
   * Opens the list kept in a file of a folder. One that is missing, damaged, edited or of another owner counts as empty,
   * since all of it can be computed again.
   * @param owner what the names belong to: the run and its photos
   */
  static async open(folder: StageFolder, file: string, owner: Json): Promise<KnownHashes> {
    try {
      const { hashes, seal } = SealedHashes.parse(JSON.parse(await readTextIfThere(folder.path(file)) ?? ""));
      return new KnownHashes(folder, file, owner, seal === sealOf(owner, hashes) ? Object.entries(hashes) : []);
    } catch {
      return new KnownHashes(folder, file, owner, []);
    }
  }

  /** The hash of `name`; `compute` is called when it is not known for this size and time. */
  async of(name: string, stamp: FileStamp, compute: () => Promise<string>): Promise<string> {
    const known = this.#known.get(name);
    if (known && known.bytes === stamp.bytes && known.modified === stamp.modified) return known.sha256;
    const sha256 = await compute();
    this.#known.set(name, { bytes: stamp.bytes, modified: stamp.modified, sha256 });
    this.#changed = true;
    return sha256;
  }

  async save(): Promise<void> {
    if (!this.#changed) return;
    const hashes = Object.fromEntries(this.#known);
    await this.folder.write(this.file, JSON.stringify({ hashes, seal: sealOf(this.owner, hashes) }));
    this.#changed = false;
  }
}

function sealOf(owner: Json, hashes: Known): string {
  return sha256(canonicalJson({ owner, hashes }));
}
