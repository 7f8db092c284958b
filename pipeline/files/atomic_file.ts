import { dirname } from "@std/path";
import { messageOf, UserError } from "./user_error.ts";

/** Ends the name of a file that is still being written; whoever lists a folder passes such files over. */
export const UNFINISHED = ".unfinished";

/**
 * Writes a file beside its place and renames it, so that a reader finds the old file or the new one, never a part.
 * @throws UserError when the disk is full or the folder cannot be written.
 */
export async function writeAtomic(path: string, content: string | Uint8Array): Promise<void> {
  const unfinished = `${path}${UNFINISHED}`;
  try {
    await Deno.mkdir(dirname(path), { recursive: true });
    await writeSynced(unfinished, typeof content === "string" ? new TextEncoder().encode(content) : content);
    await Deno.rename(unfinished, path);
  } catch (thrown) {
    await Deno.remove(unfinished).catch(() => {});
    throw explained(thrown, path);
  }
}

/** Writes a file and waits for the disk to have it: a name that outlives a power failure must not stand over nothing. */
async function writeSynced(path: string, bytes: Uint8Array): Promise<void> {
  using file = await Deno.open(path, { create: true, write: true, truncate: true });
  for (let at = 0; at < bytes.length;) at += await file.write(bytes.subarray(at));
  await file.syncData();
}

/** Reads a text file, or gives `undefined` where there is none. */
export async function readTextIfThere(path: string): Promise<string | undefined> {
  try {
    return await Deno.readTextFile(path);
  } catch (thrown) {
    if (thrown instanceof Deno.errors.NotFound) return undefined;
    throw explained(thrown, path);
  }
}

/** A failure to use a file of the run as an error that tells the user what to do, where there is something to do. */
export function explained(thrown: unknown, path: string): unknown {
  const message = messageOf(thrown);
  if (/ENOSPC|no space left/i.test(message)) {
    return new UserError(
      `Cannot write ${path}: the disk is full. Free some space or name another folder with --out, then run the same ` +
        `command again: finished work is kept`,
    );
  }
  const { AlreadyExists, NotADirectory, PermissionDenied } = Deno.errors;
  if ([AlreadyExists, NotADirectory, PermissionDenied].some((kind) => thrown instanceof kind)) {
    return new UserError(`Cannot use ${path}: ${message}. Check who owns the folder, or name another with --out`);
  }
  return thrown;
}
