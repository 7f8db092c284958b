import { Buffer } from "node:buffer";
import { close, constants, fstat, open, read, type Stats } from "node:fs";
import { stat } from "node:fs/promises";
import { promisify } from "node:util";
import { PhotoError } from "../photo_error.ts";
import { reasonOf } from "../photo_source_error.ts";

/** A larger file is not read: a picture of as many pixels as are decoded fits, unless it was saved wastefully. */
export const MAXIMUM_PHOTO_BYTES = 128 * 2 ** 20;

/** Opening a FIFO waits for its other end, and a terminal may become this program's own, unless it is said not to. */
const READ_WITHOUT_WAITING = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0) | (constants.O_NOCTTY ?? 0);

/** How much further than its stated size a file is read, to see whether it ends there. */
const FURTHER = 1 << 16;

/** Ends what `openRegularFile` began. */
export const closeFile = promisify(close);

const [openFile, statOf] = [promisify(open), promisify(fstat)];

/**
 * Opens a regular file. FIFOs, sockets and devices are not even opened, since that alone may wait or have effects; one
 * that takes the file's place just then is opened without waiting, and closed again.
 * @returns its descriptor, to be closed by `closeFile`, and its size in bytes.
 * @throws PhotoError when there is no file, it is none of this kind, or it may not be read.
 */
export async function openRegularFile(path: string): Promise<{ descriptor: number; bytes: number }> {
  try {
    assertRegular(await stat(path));
    const descriptor = await openFile(path, READ_WITHOUT_WAITING);
    try {
      const found = await statOf(descriptor);
      assertRegular(found);
      return { descriptor, bytes: found.size };
    } catch (thrown) {
      await closeFile(descriptor);
      throw thrown;
    }
  } catch (thrown) {
    throw unreadable(thrown);
  }
}

/**
 * The contents of a regular file, as far as they are no more than `MAXIMUM_PHOTO_BYTES`.
 * @throws PhotoError when it is larger, whatever its size was said to be, or cannot be read.
 */
export async function readPhotoFile(path: string): Promise<Uint8Array<ArrayBuffer>> {
  const { descriptor, bytes } = await openRegularFile(path);
  try {
    assertFits(bytes);
    let contents = new Uint8Array(bytes);
    let length = 0;
    for (;;) {
      if (length === contents.length) {
        const further = await readAt(descriptor, new Uint8Array(FURTHER), length);
        if (further.length === 0) return contents;
        assertFits(length + further.length);
        contents = enlarged(contents);
        contents.set(further, length);
        length += further.length;
      } else {
        const piece = await readAt(descriptor, contents.subarray(length), length);
        if (piece.length === 0) return contents.slice(0, length);
        assertFits(length += piece.length);
      }
    }
  } catch (thrown) {
    throw unreadable(thrown);
  } finally {
    await closeFile(descriptor);
  }
}

/** @throws PhotoError when a file of so many bytes is too large to be read. */
export function assertFits(bytes: number): void {
  if (bytes <= MAXIMUM_PHOTO_BYTES) return;
  throw new PhotoError(`too large: the file has more than ${MAXIMUM_PHOTO_BYTES / 2 ** 20} MiB`);
}

/** Fills an array from a place in a file on; the part that was filled is empty at the file's end. */
function readAt(descriptor: number, into: Uint8Array, position: number): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    const view = Buffer.from(into.buffer, into.byteOffset, into.byteLength);
    read(descriptor, view, 0, view.length, position, (error, count) => {
      if (error) reject(error);
      else resolve(into.subarray(0, count));
    });
  });
}

/** The same contents with as much room again after them, so that a file that grows is not copied at every step. */
function enlarged(contents: Uint8Array): Uint8Array<ArrayBuffer> {
  const roomier = new Uint8Array(2 * contents.length + FURTHER);
  roomier.set(contents);
  return roomier;
}

function assertRegular(found: Stats): void {
  if (!found.isFile()) throw new PhotoError(`unreadable: ${kindOf(found)}, not a regular file`);
}

function kindOf(found: Stats): string {
  if (found.isDirectory()) return "a folder";
  if (found.isFIFO()) return "a named pipe";
  if (found.isSocket()) return "a socket";
  return "a device";
}

function unreadable(thrown: unknown): PhotoError {
  return thrown instanceof PhotoError ? thrown : new PhotoError(`unreadable: ${reasonOf(thrown)}`, { cause: thrown });
}
