/** Ends the name of a file that is still being written; whoever lists a folder passes such files over. */
export const UNFINISHED = ".unfinished";

/** How a file is written. */
export interface WriteOptions {
  /** Whether to wait for the disk: a name that outlives a power failure must not stand over nothing. */
  readonly sync?: boolean;
}

/**
 * Writes a file beside its place and renames it, so that a reader finds the old file or the new one, never a part.
 * Nothing is written through a link: one in either place is replaced, and what it leads to stays as it is.
 */
export async function replaceFile(path: string, bytes: Uint8Array): Promise<void> {
  try {
    await writeBeside(path, bytes);
    await finishFile(path);
  } catch (thrown) {
    await removeFile(`${path}${UNFINISHED}`).catch(() => {});
    throw thrown;
  }
}

/** Writes the file that `finishFile` puts into its place; one that a killed program left there goes first. */
export async function writeBeside(path: string, bytes: Uint8Array, { sync = true }: WriteOptions = {}): Promise<void> {
  const unfinished = `${path}${UNFINISHED}`;
  await removeFile(unfinished);
  using file = await Deno.open(unfinished, { createNew: true, write: true });
  for (let at = 0; at < bytes.length;) at += await file.write(bytes.subarray(at));
  if (sync) await file.syncData();
}

export async function finishFile(path: string): Promise<void> {
  await Deno.rename(`${path}${UNFINISHED}`, path);
}

/**
 * Gives the file that `writeBeside` wrote its name, unless something else has that name by now.
 * @returns whether it got it; if not, it is removed.
 */
export async function finishNewFile(path: string): Promise<boolean> {
  const unfinished = `${path}${UNFINISHED}`;
  try {
    await Deno.link(unfinished, path);
  } catch (thrown) {
    if (thrown instanceof Deno.errors.AlreadyExists) return false;
    // Some disks know no second names: what is there is looked for and the file renamed, one right after the other.
    if (await lstatIfThere(path)) return false;
    await Deno.rename(unfinished, path);
  } finally {
    await removeFile(unfinished);
  }
  return true;
}

/**
 * Removes a file or a link, not what it leads to; nothing where there is none.
 * @throws Deno.errors.IsADirectory for a folder, empty or not.
 */
export async function removeFile(path: string): Promise<void> {
  const found = await lstatIfThere(path);
  if (found?.isDirectory) throw new Deno.errors.IsADirectory(`${path} is a folder`);
  if (found) await Deno.remove(path);
}

/** What stands at a path, links not followed; `undefined` where there is nothing. */
export async function lstatIfThere(path: string): Promise<Deno.FileInfo | undefined> {
  try {
    return await Deno.lstat(path);
  } catch (thrown) {
    if (thrown instanceof Deno.errors.NotFound) return undefined;
    throw thrown;
  }
}
