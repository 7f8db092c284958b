import { fromFileUrl } from "@std/path";

const RUNS = fromFileUrl(new URL("../../../runs", import.meta.url));

/** Runs a test in a folder of its own, which is gone afterwards. */
export async function inFolder(test: (folder: string) => Promise<void>, options?: Deno.MakeTempOptions): Promise<void> {
  const folder = await Deno.makeTempDir(options);
  try {
    await test(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** The same below the repository's `runs/`, where tasks may write. */
export async function inRuns(test: (folder: string) => Promise<void>): Promise<void> {
  await Deno.mkdir(RUNS, { recursive: true });
  await inFolder(test, { dir: RUNS });
}
