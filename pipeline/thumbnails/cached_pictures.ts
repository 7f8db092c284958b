import { sha256 } from "../files/hashing.ts";
import type { StageFolder } from "../store/run_folder.ts";

/** Bytes of the seal behind a picture: a SHA-256. */
const SEAL_BYTES = 32;

/** No small picture is larger. */
const MAXIMUM_BYTES = 1 << 20;

/**
 * Small pictures on the disk, each behind a name that tells its key, with a seal over both. All of it may be lost: what is
 * gone, damaged or another's is made again, and where nothing can be written nothing is kept.
 */
export class CachedPictures {
  /** Files to enter into the list of the run's own, in one step for all that come while the list is being written. */
  #next: { readonly paths: string[]; readonly announced: Promise<void> } | undefined;
  #last: Promise<void> = Promise.resolve();

  /** @param folder within the run's, for nothing else */
  constructor(readonly folder: StageFolder) {}

  /** A picture that was kept, or `undefined` where none is that is whole. */
  async read(key: string): Promise<Uint8Array | undefined> {
    try {
      const name = nameOf(key);
      const stamp = await this.folder.stampOf(name);
      if (stamp === undefined || stamp.bytes <= SEAL_BYTES || stamp.bytes > MAXIMUM_BYTES) return undefined;
      const sealed = await this.folder.read(name);
      const picture = sealed.subarray(0, -SEAL_BYTES);
      return sealed.subarray(-SEAL_BYTES).toHex() === sealOf(key, picture) ? picture : undefined;
    } catch {
      return undefined;
    }
  }

  /** Keeps a picture, if it can be kept. */
  async keep(key: string, picture: Uint8Array): Promise<void> {
    const path = `${this.folder.below}/${nameOf(key)}`;
    const sealed = new Uint8Array([...picture, ...Uint8Array.fromHex(sealOf(key, picture))]);
    try {
      await this.#announce(path);
      await this.folder.run.prepare(path, sealed);
      await this.folder.run.finish(path);
    } catch {
      // It is made again when it is next asked for.
    }
  }

  /** Enters a file together with all others that come meanwhile: where it fails, none of them may be written. */
  async #announce(path: string): Promise<void> {
    const next = this.#next ??= this.#nextStep();
    next.paths.push(path);
    await next.announced;
  }

  #nextStep() {
    const paths: string[] = [];
    const announced = this.#last.catch(() => {}).then(async () => {
      this.#next = undefined;
      await this.folder.run.announce(paths);
    });
    this.#last = announced;
    return { paths, announced };
  }
}

function nameOf(key: string): string {
  return `${sha256(key)}.jpg`;
}

function sealOf(key: string, picture: Uint8Array): string {
  return sha256(`${key} ${sha256(picture)}`);
}
