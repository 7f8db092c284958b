import { basename, join } from "@std/path";
import { crc32 } from "node:zlib";
import { explained, writeAtomic } from "./atomic_file.ts";
import { DamagedFile } from "./damaged_file.ts";
import type { FileStamp } from "./known_hashes.ts";
import { readInto } from "./safetensors_file.ts";
import { UserError } from "./user_error.ts";

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

/** The folder of one stage within a run: `runs/NAME/STAGE`. Files are written whole or not at all. */
export class StageFolder implements ReadableFolder {
  constructor(readonly root: string) {}

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

  readText(name: string): Promise<string> {
    return Deno.readTextFile(this.path(name));
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

  write(name: string, content: string | Uint8Array): Promise<void> {
    return writeAtomic(this.path(name), content);
  }

  async remove(name: string): Promise<void> {
    await Deno.remove(this.path(name));
  }

  /** The names of the files in it, sorted. */
  async list(): Promise<string[]> {
    const names: string[] = [];
    try {
      for await (const entry of Deno.readDir(this.root)) if (entry.isFile) names.push(entry.name);
    } catch (thrown) {
      if (!(thrown instanceof Deno.errors.NotFound)) throw thrown;
    }
    return names.sort();
  }
}

/** Where a stage of a run keeps its files. */
export function stageFolder(run: string, stage: string): StageFolder {
  return new StageFolder(join(run, stage));
}

async function openLock(root: string): Promise<Deno.FsFile> {
  try {
    await Deno.mkdir(root, { recursive: true });
    return await Deno.open(join(root, "lock"), { create: true, write: true });
  } catch (thrown) {
    throw explained(thrown, root);
  }
}

/** Holds a run's folder for one process. The system lets go of it when the process ends, however it ends. */
export async function lockRun(root: string): Promise<Disposable> {
  const file = await openLock(root);
  if (!await file.tryLock(true)) {
    file.close();
    throw new UserError(`Cannot work in ${root}: another run is at work there. Wait for it, or use another --out`);
  }
  return { [Symbol.dispose]: () => file.close() };
}
