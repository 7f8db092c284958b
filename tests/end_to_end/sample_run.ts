import { join } from "@std/path";
import { type Ended, runWell } from "./command_line.ts";
import { madeOnce } from "./made_once.ts";
import { addCache, copyFolder } from "./run_files.ts";

/** What stands beside a sample's run that is kept: what the command said. */
const SAID = "said.json";

/**
 * Puts the run that the README's first command makes, on the whole sample with nothing but defaults, into `folder/out`; the
 * photos' features come into `folder`'s cache.
 * @returns what the command said.
 */
export async function runSample(folder: string, out = "runs/sample"): Promise<Ended> {
  const made = await madeOnce("sample", async (made) => {
    const ended = await runWell("pipeline", made);
    await Deno.writeTextFile(join(made, SAID), JSON.stringify(ended));
  });
  await copyFolder(join(made, "runs/sample"), join(folder, out));
  await addCache(made, folder);
  return JSON.parse(await Deno.readTextFile(join(made, SAID)));
}
