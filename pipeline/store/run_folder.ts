import { basename, join } from "@std/path";
import { setTimeout as delay } from "node:timers/promises";
import { crc32 } from "node:zlib";
import { FOLDER_KINDS } from "../../data/owned/folder_kinds.ts";
import { markerFile } from "../../data/owned/folder_marker.ts";
import { isLocked } from "../../data/owned/locked_file.ts";
import { lstatIfThere } from "../../data/owned/replace_file.ts";
import { OwnedFolder } from "../../data/owned/owned_folder.ts";
import { bytesOf, readTextIfThere } from "../files/text_file.ts";
import { explained } from "../files/explained.ts";
import { DamagedFile } from "./damaged_file.ts";
import type { FileStamp } from "./known_hashes.ts";
import { readInto } from "../../data/files/regular_file.ts";
import { UserError } from "../files/user_error.ts";

/** Files of one stage that may be read. */
export interface ReadableFolder {
  has(name: string): Promise<boolean>;
  read(name: string): Promise<Uint8Array>;
  readText(name: string): Promise<string>;
  /**
   * A part of a file, checked by its checksum.
   * @throws DamagedFile when the part is not what was written.
   */
  readPart(name: string, part: FilePart): Promise<Uint8Array<ArrayBuffer>>;
  /** The error for a file whose content turns out not to be what was written. */
  damaged(name: string): DamagedFile;
}

/** Where a part of a file lies, and how it is told that it is still what was written. */
export interface FilePart {
  /** Bytes before it. */
  readonly start: number;
  readonly bytes: number;
  readonly crc32: number;
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
    return await this.stampOf(name) !== undefined;
  }

  /** A file's size and time, or `undefined` where no file is. */
  async stampOf(name: string): Promise<FileStamp | undefined> {
    try {
      const { isFile, size, mtime } = await Deno.stat(this.path(name));
      return isFile ? { bytes: size, modified: mtime?.getTime() ?? 0 } : undefined;
    } catch (thrown) {
      const { FilesystemLoop, NotADirectory, NotFound } = Deno.errors;
      if ([FilesystemLoop, NotADirectory, NotFound].some((kind) => thrown instanceof kind)) return undefined;
      throw explained(thrown, this.path(name));
    }
  }

  read(name: string): Promise<Uint8Array> {
    return Deno.readFile(this.path(name));
  }

  async readText(name: string): Promise<string> {
    const text = await readTextIfThere(this.path(name));
    if (text === undefined) throw new Deno.errors.NotFound(`${this.path(name)} is not there`);
    return text;
  }

  async readPart(name: string, part: FilePart): Promise<Uint8Array<ArrayBuffer>> {
    const bytes = await this.readPartIfWhole(name, part);
    if (bytes) return bytes;
    throw this.damaged(name);
  }

  /** A part of a file, or `undefined` where it is not what its checksum says. */
  async readPartIfWhole(name: string, { start, bytes, crc32: checksum }: FilePart) {
    const part = new Uint8Array(bytes);
    const stamp = await this.stampOf(name);
    if (stamp === undefined || stamp.bytes < start + bytes) return undefined;
    using file = await Deno.open(this.path(name));
    await file.seek(start, Deno.SeekMode.Start);
    await readInto(file, part);
    return crc32(part) === checksum ? part : undefined;
  }

  damaged(name: string): DamagedFile {
    return new DamagedFile(this, name, basename(this.root));
  }

  async write(name: string, content: string | Uint8Array): Promise<void> {
    try {
      await this.run.write(this.#inRun(name), bytesOf(content));
    } catch (thrown) {
      throw this.#explained(thrown, name);
    }
  }

  /** Writes a file where there is none; what is there stays. */
  async create(name: string, content: string): Promise<void> {
    try {
      if (!await this.has(name)) await this.run.create(this.#inRun(name), bytesOf(content));
    } catch (thrown) {
      throw this.#explained(thrown, name);
    }
  }

  /** Writes on after the first `length` bytes of a file; false, and nothing is written, where that cannot be done. */
  async append(name: string, length: number, bytes: Uint8Array): Promise<boolean> {
    try {
      return await this.run.append(this.#inRun(name), length, bytes);
    } catch (thrown) {
      throw this.#explained(thrown, name);
    }
  }

  /** Removes a file that the run wrote, where it is there. */
  async remove(name: string): Promise<void> {
    try {
      await this.run.remove(this.#inRun(name));
    } catch (thrown) {
      throw this.#explained(thrown, name);
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

  #explained(thrown: unknown, name: string): unknown {
    return explained(thrown, this.path(name), FOLDER_KINDS[this.run.kind].option);
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

/** Thrown where another process holds a run's folder: it may be waited for. */
export class RunHeld extends UserError {}

/**
 * Holds a run's folder for one process, and makes it where there is none. The system lets go of it when the process
 * ends, however it ends. What is locked is the marker, so that a run on a disk that cannot be written can be held too.
 * @throws RunHeld when another process has it.
 */
export async function lockRun(root: string): Promise<Disposable> {
  const run = runFolder(root);
  const file = await openMarker(run);
  if (!await lockSoon(file)) {
    file.close();
    throw new RunHeld(`Cannot work in ${root}: another run is at work there. Wait for it, or use another --out`);
  }
  return { [Symbol.dispose]: () => file.close() };
}

/** Whether a process, this one included, holds a run's folder now. Nothing is written. */
export async function isRunHeld(root: string): Promise<boolean> {
  const path = join(root, markerFile("run"));
  // Opening a pipe in the marker's place would wait for its other end.
  if (!(await lstatIfThere(path).catch(() => undefined))?.isFile) return false;
  return await isLocked(path);
}

/** Tries a few times: whoever only looks whether a run is held (`isRunHeld`) has it for a moment. */
async function lockSoon(file: Deno.FsFile): Promise<boolean> {
  for (let tries = 0; tries < LOCK_TRIES; tries++) {
    if (await file.tryLock(true)) return true;
    await delay(LOCK_MILLISECONDS);
  }
  return false;
}

const LOCK_TRIES = 5;
const LOCK_MILLISECONDS = 20;

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
