import { dirname } from "@std/path";
import { replaceFile } from "../../data/owned/replace_file.ts";
import { messageOf, UserError } from "./user_error.ts";

export { UNFINISHED } from "../../data/owned/replace_file.ts";

/**
 * Writes a file whole or not at all, and makes the folders above it.
 * @throws UserError when the disk is full or the folder cannot be written.
 */
export async function writeAtomic(path: string, content: string | Uint8Array): Promise<void> {
  try {
    await Deno.mkdir(dirname(path), { recursive: true });
    await replaceFile(path, bytesOf(content));
  } catch (thrown) {
    throw explained(thrown, path);
  }
}

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

/** A failure to use a file of the run as an error that tells the user what to do, where there is something to do. */
export function explained(thrown: unknown, path: string): unknown {
  const message = messageOf(thrown);
  if (thrown instanceof UserError) return thrown;
  if (/ENOSPC|no space left/i.test(message)) {
    return new UserError(
      `Cannot write ${path}: the disk is full. Free some space or name another folder with --out, then run the same ` +
        `command again: finished work is kept`,
    );
  }
  if (/EROFS|read-only file system/i.test(message)) {
    return new UserError(
      `Cannot write ${path}: the disk can only be read. Name another folder, or let it be written and run the same ` +
        `command again`,
    );
  }
  if (/ENAMETOOLONG|name too long/i.test(message)) {
    return new UserError(`Cannot use a folder: expected a shorter name, got one of ${path.length} letters`);
  }
  const { AlreadyExists, FilesystemLoop, IsADirectory, NotADirectory, PermissionDenied } = Deno.errors;
  if (thrown instanceof IsADirectory) {
    return new UserError(`Cannot use ${path}: expected a file, got a folder in its place. Move it away`);
  }
  if ([AlreadyExists, FilesystemLoop, NotADirectory, PermissionDenied].some((kind) => thrown instanceof kind)) {
    return new UserError(`Cannot use ${path}: ${message}. Check who owns the folder, or name another with --out`);
  }
  return thrown;
}
