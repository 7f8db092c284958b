import { z } from "zod";
import { readTextIfThere, writeAtomic } from "../files/atomic_file.ts";

const Known = z.record(z.string(), z.object({ bytes: z.number(), modified: z.number(), sha256: z.string() }));

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

  private constructor(readonly path: string, known: Iterable<[string, FileStamp & { sha256: string }]>) {
    this.#known = new Map(known);
  }

  /** Opens the list kept at `path`; a missing or damaged one counts as empty, since all of it can be computed again. */
  static async open(path: string): Promise<KnownHashes> {
    const text = await readTextIfThere(path);
    try {
      return new KnownHashes(path, text === undefined ? [] : Object.entries(Known.parse(JSON.parse(text))));
    } catch {
      return new KnownHashes(path, []);
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
    if (this.#changed) await writeAtomic(this.path, JSON.stringify(Object.fromEntries(this.#known)));
    this.#changed = false;
  }
}
