import { readTextIfThere } from "../files/text_file.ts";
import type { CacheFolder } from "./cache_folder.ts";
import { DamagedFile, type FinishedFiles } from "./damaged_file.ts";
import { sha256, sha256OfFile } from "../files/hashing.ts";
import { type Manifest, MANIFEST_FILE, type OutputFile, parseManifest } from "./manifest.ts";
import type { FilePart, ReadableFolder, StageFolder } from "./run_folder.ts";
import { UserError } from "../files/user_error.ts";

/**
 * What a finished stage wrote, and nothing else: files that its manifest lists, in its own folder or in the shared cache,
 * checked against their hashes when they are read. The bytes that are given are those that were checked.
 */
export class VerifiedFolder implements ReadableFolder, FinishedFiles {
  readonly #outputs: ReadonlyMap<string, OutputFile>;

  /** @param cache where the files are that the manifest says are shared; a stage without such needs none */
  constructor(readonly folder: StageFolder, readonly manifest: Manifest, readonly cache?: CacheFolder) {
    this.#outputs = new Map(manifest.outputs.map((output) => [output.file, output]));
  }

  /**
   * A stage's folder with its manifest, or `undefined` when the stage has not finished.
   * @throws UserError when the manifest is not one of ours.
   */
  static async open(folder: StageFolder, stage: string, cache?: CacheFolder): Promise<VerifiedFolder | undefined> {
    const path = folder.path(MANIFEST_FILE);
    const text = await readTextIfThere(path);
    if (text === undefined) return undefined;
    const manifest = parseManifest(text, path);
    if (manifest.stage === stage) return new VerifiedFolder(folder, manifest, cache);
    throw new UserError(
      `Cannot read ${path}: expected the manifest of stage ${stage}, got that of ${manifest.stage}. Remove its folder ` +
        `to run that stage again`,
    );
  }

  /** Whether the stage wrote it. A file that is gone since is damaged when it is read, not one that never was. */
  has(name: string): Promise<boolean> {
    return Promise.resolve(this.#outputs.has(name));
  }

  /** The folder that a file is in: the stage's own, or a set of the cache. */
  folderOf(name: string): StageFolder {
    const { set } = this.#listed(name);
    if (set === undefined) return this.folder;
    if (this.cache) return this.cache.set(set);
    throw new RangeError(
      `Cannot read ${name} of stage ${this.manifest.stage}: expected the cache that it is in, got none`,
    );
  }

  /** @throws DamagedFile when the file is not what the stage wrote. */
  async read(name: string): Promise<Uint8Array> {
    const { bytes, sha256: hash, set } = this.#listed(name);
    const folder = this.folderOf(name);
    if (set !== undefined) await this.cache?.use(set, name);
    const stamp = await folder.stampOf(name);
    // A file of another size is not read at all: it may be of any size.
    if (stamp?.bytes !== bytes) throw this.damaged(name, stamp === undefined);
    const content = await folder.read(name);
    if (sha256(content) !== hash) throw this.damaged(name);
    return content;
  }

  /** @throws DamagedFile when the file is not what the stage wrote. */
  async readText(name: string): Promise<string> {
    return new TextDecoder().decode(await this.read(name));
  }

  /** @throws DamagedFile when the part is not what the stage wrote. */
  async readPart(name: string, part: FilePart): Promise<Uint8Array<ArrayBuffer>> {
    const { set } = this.#listed(name);
    if (set !== undefined) await this.cache?.use(set, name);
    const bytes = await this.folderOf(name).readPartIfWhole(name, part);
    if (bytes) return bytes;
    throw this.damaged(name);
  }

  damaged(name: string, isGone = false): DamagedFile {
    return new DamagedFile(this.folderOf(name), name, this.manifest.stage, this, isGone);
  }

  async damagedFiles(): Promise<readonly { readonly folder: StageFolder; readonly file: string }[]> {
    const damaged: { readonly folder: StageFolder; readonly file: string }[] = [];
    for (const file of this.#outputs.keys()) {
      if (await this.change(file) === "changed") damaged.push({ folder: this.folderOf(file), file });
    }
    return damaged;
  }

  /** Whether a file has the size and the time that it was written with: its content is believed then. */
  async isAsStamped(name: string): Promise<boolean> {
    const { bytes, modified } = this.#listed(name);
    const stamp = await this.folderOf(name).stampOf(name);
    return stamp?.bytes === bytes && stamp.modified === modified;
  }

  /**
   * How a file differs from what the stage wrote, in words, or `undefined` when it does not; all of it is read.
   * @throws RangeError when the manifest does not list it.
   */
  async change(name: string): Promise<"gone" | "changed" | undefined> {
    const { bytes, sha256 } = this.#listed(name);
    const folder = this.folderOf(name);
    const stamp = await folder.stampOf(name);
    if (!stamp) return "gone";
    return stamp.bytes === bytes && await sha256OfFile(folder.path(name)) === sha256 ? undefined : "changed";
  }

  #listed(name: string): OutputFile {
    const listed = this.#outputs.get(name);
    if (listed) return listed;
    throw new RangeError(
      `Cannot read ${name} of stage ${this.manifest.stage}: expected a file that its manifest lists, got another`,
    );
  }
}
