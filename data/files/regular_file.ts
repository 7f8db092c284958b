import { Buffer } from "node:buffer";
import { close, constants, fstat, open, read } from "node:fs";
import { promisify } from "node:util";

/** Where a file should be lies something else: a folder, a pipe, a device. */
export class NotAFile extends Error {
  constructor(readonly kind: string) {
    super(`expected a file, got ${kind}`);
  }
}

/** Opening a FIFO waits for its other end, and a terminal may become this program's own, unless it is said not to. */
const READ_WITHOUT_WAITING = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0) | (constants.O_NOCTTY ?? 0);

/** Ends what `openRegularFile` began. */
export const closeFile = promisify(close);

const [openFile, statOf] = [promisify(open), promisify(fstat)];

/**
 * Opens a regular file. FIFOs, sockets and devices are not even opened, since that alone may wait or have effects; one
 * that takes the file's place just then is opened without waiting, and closed again.
 * @returns its descriptor, to be closed by `closeFile`, and its size in bytes.
 * @throws NotAFile when it is a folder, a pipe, a socket or a device, or a link to one, and an Error when it is longer
 * than `maximumBytes` or cannot be opened.
 */
export async function openRegularFile(path: string, maximumBytes = Infinity) {
  const listed = await Deno.stat(path);
  assertFile(listed);
  assertSize(listed.size, maximumBytes);
  const descriptor = await openFile(path, READ_WITHOUT_WAITING);
  try {
    const found = await statOf(descriptor);
    if (!found.isFile()) throw new NotAFile("something that took its place");
    return { descriptor, bytes: found.size };
  } catch (thrown) {
    await closeFile(descriptor);
    throw thrown;
  }
}

/** A file that is open for reading, from its beginning on. */
export class RegularFile implements AsyncDisposable {
  #position = 0;

  private constructor(readonly descriptor: number, readonly size: number) {}

  /** @throws as `openRegularFile`. */
  static async open(path: string, maximumBytes = Infinity): Promise<RegularFile> {
    const { descriptor, bytes } = await openRegularFile(path, maximumBytes);
    return new RegularFile(descriptor, bytes);
  }

  /** Reads what follows; the count of bytes, or null at the end. */
  async read(bytes: Uint8Array): Promise<number | null> {
    const count = await readAt(this.descriptor, bytes, this.#position);
    this.#position += count;
    return count === 0 ? null : count;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await closeFile(this.descriptor);
  }
}

/**
 * Reads a file whole.
 * @throws as `openRegularFile`.
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

/** Fills an array from a place in a file on; the count of bytes, 0 at the file's end. */
function readAt(descriptor: number, into: Uint8Array, position: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const view = Buffer.from(into.buffer, into.byteOffset, into.byteLength);
    read(descriptor, view, 0, view.length, position, (error, count) => {
      if (error) reject(error);
      else resolve(count);
    });
  });
}

function kindOf(info: Deno.FileInfo): string {
  if (info.isDirectory) return "a folder";
  if (info.isSymlink) return "a link";
  if (info.isFifo) return "a named pipe";
  return info.isSocket ? "a socket" : "a device";
}
