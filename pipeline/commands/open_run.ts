import { join } from "@std/path";
import { type Config, configOf, readSettings } from "../settings/config.ts";
import type { Arguments } from "./options.ts";
import { UserError } from "../files/user_error.ts";

/** Where runs stand when `--out` does not say. */
export const RUNS = "runs";

/** The run on one's own photos, when `--out` does not name another. */
export const PHOTOS_RUN = join(RUNS, "photos");

/**
 * The run that a command without `--out` means: the one whose settings were written last.
 * @throws UserError when there is none.
 */
export async function latestRun(): Promise<string> {
  let latest: { out: string; time: number } | undefined;
  try {
    for await (const { name, isDirectory } of Deno.readDir(RUNS)) {
      if (!isDirectory) continue;
      const out = join(RUNS, name);
      const time = await Deno.stat(join(out, "config.json")).then(({ mtime }) => mtime?.getTime() ?? 0, () => -1);
      if (time >= 0 && (!latest || time > latest.time)) latest = { out, time };
    }
  } catch (thrown) {
    if (!(thrown instanceof Deno.errors.NotFound)) throw thrown;
  }
  if (latest) return latest.out;
  throw new UserError("Cannot find a run: expected one under runs/, got none. Start one with deno task pipeline");
}

/** The run that a command goes on with: the one named by `--out`, that of the photos given by `--data`, or the latest. */
export async function runToGoOnWith({ values }: Arguments): Promise<string> {
  return values.get("out") ?? (values.has("data") ? PHOTOS_RUN : await latestRun());
}

/**
 * The settings of a run that exists.
 * @throws UserError when there is none in that folder.
 */
export async function openRun(out: string): Promise<Config> {
  const settings = await readSettings(out);
  if (settings) return await configOf(settings, out);
  throw new UserError(`Cannot open ${out}: expected the folder of a run, got none. Start one with deno task pipeline`);
}
