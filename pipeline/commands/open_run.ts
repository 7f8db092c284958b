import { join } from "@std/path";
import { folderState } from "../../data/owned/folder_marker.ts";
import { assertTakeable, freeName } from "../../data/owned/owned_folder.ts";
import { type Config, configOf, readSettings } from "../config.ts";
import { explained } from "../atomic_file.ts";
import { STAGE_NAMES } from "../stage.ts";
import type { Arguments } from "../options.ts";
import { UserError } from "../user_error.ts";

/** Where runs stand when `--out` does not say. */
export const RUNS = "runs";

/** The run on one's own photos, when `--out` does not name another. */
export const PHOTOS_RUN = join(RUNS, "photos");

/** The folders within a run's folder. */
export const RUN_FOLDERS = [...STAGE_NAMES, "photos", "evaluate", "export"] as const;

/**
 * Whether a folder is that of a run; otherwise it is new or empty.
 * @throws FolderError when it is somebody else's; UserError when it is a run of an earlier version.
 */
export async function isRunFolder(out: string): Promise<boolean> {
  try {
    const state = await folderState(out, "run");
    if (state.is === "foreign" && await isEarlierRun(out)) {
      throw new UserError(
        `Cannot go on with ${out}: expected a run of this version, got one of an earlier version. Start it again with ` +
          `another folder (--out ${await freeName(out, "run")}), or remove this one yourself first`,
      );
    }
    await assertTakeable(out, "run", state);
    return state.is === "owned";
  } catch (thrown) {
    throw explained(thrown, out);
  }
}

async function isEarlierRun(out: string): Promise<boolean> {
  return await readSettings(out).then((settings) => settings !== undefined, () => false);
}

/** Refuses a folder that is to be gone on with and is no run. */
export function noRun(out: string): UserError {
  return new UserError(
    `Cannot open ${out}: expected the folder of a run, got none. Start one with deno task pipeline --data DIR --out ` +
      `${out}, or leave out --out for the latest`,
  );
}

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
      if ((await folderState(out, "run")).is !== "owned") continue;
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
  const settings = await isRunFolder(out) ? await readSettings(out) : undefined;
  if (settings) return await configOf(settings, out);
  throw noRun(out);
}
