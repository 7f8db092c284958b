import { constants, type FileHandle, open } from "node:fs/promises";

/** Where a file should be lies something else: a folder, a pipe, a device. */
export class NotAFile extends Error {
  constructor(readonly kind: string) {
    super(`expected a file, got ${kind}`);
  }
}

/** A file that is open for reading, from its beginning on. */
export class RegularFile implements AsyncDisposable {
  private constructor(readonly handle: FileHandle, readonly size: number) {}

  /**
   * What is no file is never opened, for a pipe would be waited for without end; what takes the file's place in that
   * very moment is opened without waiting.
   * @throws NotAFile when it is a folder, a pipe, a socket or a device, or a link to one, and an Error when it is longer
   * than `maximumBytes`.
   */
  static async open(path: string, maximumBytes = Infinity): Promise<RegularFile> {
    const info = await Deno.stat(path);
    assertFile(info);
    assertSize(info.size, maximumBytes);
    const handle = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    const stat = await handle.stat();
    if (stat.isFile()) return new RegularFile(handle, stat.size);
    await handle.close();
    throw new NotAFile("something that took its place");
  }

  /** Reads what follows; the count of bytes, or null at the end. */
  async read(bytes: Uint8Array): Promise<number | null> {
    const { bytesRead } = await this.handle.read(bytes);
    return bytesRead === 0 ? null : bytesRead;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.handle.close();
  }
}

/**
 * Reads a file whole.
 * @throws NotAFile when it is none, and an Error when it is longer than `maximumBytes`.
 */
export async function readRegularFile(path: string, maximumBytes: number): Promise<Uint8Array<ArrayBuffer>> {
  await using file = await RegularFile.open(path, maximumBytes);
  const bytes = new Uint8Array(file.size);
  await readInto(file, bytes);
  return bytes;
}

/**
 * Fills an array with what follows in a file.
 * @throws Error when the file ends before.
 */
export async function readInto(file: Pick<RegularFile, "read">, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.length;) {
    const count = await file.read(bytes.subarray(at));
    if (count === null) throw new Error(`Cannot read an array: expected ${bytes.length} bytes, got ${at}`);
    at += count;
  }
}

/** @throws NotAFile when that is none. */
export function assertFile(info: Deno.FileInfo): void {
  if (!info.isFile) throw new NotAFile(kindOf(info));
}

/** @throws Error when that is too much to read. */
export function assertSize(bytes: number, maximumBytes: number): void {
  if (bytes > maximumBytes) throw new Error(`expected at most ${maximumBytes} bytes, got ${bytes}`);
}

function kindOf(info: Deno.FileInfo): string {
  if (info.isDirectory) return "a folder";
  if (info.isSymlink) return "a link";
  if (info.isFifo) return "a pipe";
  return info.isSocket ? "a socket" : "a device";
}
