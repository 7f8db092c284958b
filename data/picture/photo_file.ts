import { PhotoError } from "../photo_error.ts";
import { reasonOf } from "../photo_source_error.ts";
import { RegularFile } from "../files/regular_file.ts";

/** A larger file is not read: a picture of as many pixels as are decoded fits, unless it was saved wastefully. */
export const MAXIMUM_PHOTO_BYTES = 128 * 2 ** 20;

/** How much further than its stated size a file is read, to see whether it ends there. */
const FURTHER = 1 << 16;

/**
 * The contents of a regular file, as far as they are no more than `MAXIMUM_PHOTO_BYTES`.
 * @throws PhotoError when it is larger, whatever its size was said to be, or cannot be read.
 */
export async function readPhotoFile(path: string): Promise<Uint8Array<ArrayBuffer>> {
  try {
    await using file = await RegularFile.open(path);
    assertFits(file.size);
    let contents = new Uint8Array(file.size);
    let length = 0;
    for (;;) {
      if (length === contents.length) {
        const further = new Uint8Array(FURTHER);
        const count = await file.read(further);
        if (count === null) return contents;
        assertFits(length + count);
        contents = enlarged(contents);
        contents.set(further.subarray(0, count), length);
        length += count;
      } else {
        const count = await file.read(contents.subarray(length));
        if (count === null) return contents.slice(0, length);
        assertFits(length += count);
      }
    }
  } catch (thrown) {
    throw unreadable(thrown);
  }
}

/** @throws PhotoError when a file of so many bytes is too large to be read. */
export function assertFits(bytes: number): void {
  if (bytes <= MAXIMUM_PHOTO_BYTES) return;
  throw new PhotoError(`too large: the file has more than ${MAXIMUM_PHOTO_BYTES / 2 ** 20} MiB`);
}

/** The same contents with as much room again after them, so that a file that grows is not copied at every step. */
function enlarged(contents: Uint8Array): Uint8Array<ArrayBuffer> {
  const roomier = new Uint8Array(2 * contents.length + FURTHER);
  roomier.set(contents);
  return roomier;
}

function unreadable(thrown: unknown): PhotoError {
  return thrown instanceof PhotoError ? thrown : new PhotoError(`unreadable: ${reasonOf(thrown)}`, { cause: thrown });
}
