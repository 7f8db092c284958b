import { explained } from "./explained.ts";
import { UserError } from "./user_error.ts";

/** A text's UTF-8, or the bytes as they are. */
export function bytesOf(content: string | Uint8Array): Uint8Array {
  return typeof content === "string" ? new TextEncoder().encode(content) : content;
}

/**
 * Reads a text file, or gives `undefined` where there is none.
 * @throws UserError when a folder or a device stands in its place, or it may not be read.
 */
export async function readTextIfThere(path: string): Promise<string | undefined> {
  try {
    // A device or a pipe might never end.
    if (!(await Deno.stat(path)).isFile) {
      throw new UserError(`Cannot read ${path}: expected a file, got a folder or a device. Move it away`);
    }
    return await Deno.readTextFile(path);
  } catch (thrown) {
    if (thrown instanceof Deno.errors.NotFound) return undefined;
    throw explained(thrown, path);
  }
}
