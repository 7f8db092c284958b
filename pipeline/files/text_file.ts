import { explained } from "./explained.ts";
import { UserError } from "./user_error.ts";

/** A text's UTF-8, or the bytes as they are. */
export function bytesOf(content: string | Uint8Array): Uint8Array {
  return typeof content === "string" ? new TextEncoder().encode(content) : content;
}

/** More than any text has that a run keeps or a user writes: a line for each of a million photos fits. */
const MAXIMUM_TEXT_BYTES = 256 * 2 ** 20;

/**
 * Reads a text file, or gives `undefined` where there is none.
 * @throws UserError when a folder or a device stands in its place, it is too large, or it may not be read.
 */
export async function readTextIfThere(path: string): Promise<string | undefined> {
  try {
    // A device or a pipe might never end.
    const { isFile, size } = await Deno.stat(path);
    if (!isFile) {
      throw new UserError(`Cannot read ${path}: expected a file, got a folder or a device. Move it away`);
    }
    if (size > MAXIMUM_TEXT_BYTES) {
      const most = `${MAXIMUM_TEXT_BYTES / 2 ** 20} MiB`;
      throw new UserError(`Cannot read ${path}: expected a text of at most ${most}, got ${size} bytes. Move it away`);
    }
    return await Deno.readTextFile(path);
  } catch (thrown) {
    if (thrown instanceof Deno.errors.NotFound) return undefined;
    throw explained(thrown, path);
  }
}
