import { join } from "@std/path";

/** The folder that all test files of a suite share; a file that is run by itself has one of its own. */
const SHARED = Deno.env.get("TESTS_SHARE");

let own: string | undefined;

function folderOfOwn(): string {
  if (own !== undefined) return own;
  const folder = own = Deno.makeTempDirSync();
  globalThis.addEventListener("unload", () => Deno.removeSync(folder, { recursive: true }));
  return folder;
}

/**
 * Makes a folder that tests start from once, whichever of them comes first: the others wait for it and copy it.
 * @param name says all of what is in it
 * @returns where it is; nothing may be changed there
 */
export async function madeOnce(name: string, make: (folder: string) => Promise<void>): Promise<string> {
  const shared = SHARED ?? folderOfOwn();
  const folder = join(shared, name);
  using lock = await Deno.open(`${folder}.lock`, { create: true, write: true });
  await lock.lock(true);
  if (await Deno.stat(folder).then(() => true, () => false)) return folder;
  const unfinished = await Deno.makeTempDir({ dir: shared });
  await make(unfinished);
  await Deno.rename(unfinished, folder);
  return folder;
}
