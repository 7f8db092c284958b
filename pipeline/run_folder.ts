import { join } from "@std/path";
import { markerFile } from "../data/owned/folder_marker.ts";
import { OwnedFolder } from "../data/owned/owned_folder.ts";
import { bytesOf, explained } from "./atomic_file.ts";
import { UserError } from "./user_error.ts";

/** Files of one stage that may be read. */
export interface ReadableFolder {
  has(name: string): Promise<boolean>;
  read(name: string): Promise<Uint8Array>;
  readText(name: string): Promise<string>;
  /** The file's place on disk, for readers that take a part of it. */
  path(name: string): string;
}

/**
 * A folder within a run, such as `runs/NAME/STAGE`, or the run's folder itself. Files are written whole or not at all;
 * only files that the run wrote are listed, replaced or removed.
 */
export class StageFolder implements ReadableFolder {
  readonly root: string;

  /** @param below the folder's path within the run's */
  constructor(readonly run: OwnedFolder, readonly below = "") {
    this.root = join(run.root, below);
  }

  path(name: string): string {
    return join(this.root, name);
  }

  async has(name: string): Promise<boolean> {
    try {
      return (await Deno.stat(this.path(name))).isFile;
    } catch (thrown) {
      if (thrown instanceof Deno.errors.NotFound) return false;
      throw thrown;
    }
  }

  read(name: string): Promise<Uint8Array> {
    return Deno.readFile(this.path(name));
  }

  readText(name: string): Promise<string> {
    return Deno.readTextFile(this.path(name));
  }

  async write(name: string, content: string | Uint8Array): Promise<void> {
    try {
      await this.run.write(this.#inRun(name), bytesOf(content));
    } catch (thrown) {
      throw explained(thrown, this.path(name));
    }
  }

  /** Removes a file that the run wrote, where it is there. */
  async remove(name: string): Promise<void> {
    try {
      await this.run.remove(this.#inRun(name));
    } catch (thrown) {
      throw explained(thrown, this.path(name));
    }
  }

  /** Removes what a killed run began to write. */
  async removeUnfinished(): Promise<void> {
    await this.run.removeUnfinished(this.below);
  }

  /** The names of the files in it that the run wrote, sorted. */
  async list(): Promise<string[]> {
    return await this.run.names(this.below);
  }

  #inRun(name: string): string {
    return this.below === "" ? name : `${this.below}/${name}`;
  }
}

/** A run's folder, where its files are written and removed. */
export function runFolder(root: string): OwnedFolder {
  return new OwnedFolder(root, "run");
}

/** Where a stage of a run keeps its files. */
export function stageFolder(run: string, stage: string): StageFolder {
  return new StageFolder(runFolder(run), stage);
}

/**
 * Holds a run's folder for one process, and makes it where there is none. The system lets go of it when the process
 * ends, however it ends. What is locked is the marker, so that a run on a disk that cannot be written can be held too.
 */
export async function lockRun(root: string): Promise<Disposable> {
  const run = runFolder(root);
  const file = await openMarker(run);
  if (!await file.tryLock(true)) {
    file.close();
    throw new UserError(`Cannot work in ${root}: another run is at work there. Wait for it, or use another --out`);
  }
  return { [Symbol.dispose]: () => file.close() };
}

async function openMarker(run: OwnedFolder): Promise<Deno.FsFile> {
  const path = join(run.root, markerFile(run.kind));
  try {
    await run.claim();
    // Some network disks lock only what is open for writing.
    return await Deno.open(path, { read: true, write: true }).catch(() => Deno.open(path));
  } catch (thrown) {
    throw explained(thrown, run.root);
  }
}
