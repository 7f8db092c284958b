import { join } from "@std/path";
import { type FolderState, folderState } from "../../../data/owned/folder_marker.ts";
import { freeName } from "../../../data/owned/owned_folder.ts";
import { lstatIfThere } from "../../../data/owned/replace_file.ts";
import { type Config, CONFIG_FILE, configOf, readSettings } from "../../settings/config.ts";
import { explained } from "../../files/explained.ts";
import { STAGE_NAMES } from "../../runner/stage.ts";
import type { Arguments } from "../options/options.ts";
import { UserError } from "../../files/user_error.ts";

/** Where runs stand when `--out` does not say. */
export const RUNS = "runs";

/** The run on one's own photos, when `--out` does not name another. */
export const PHOTOS_RUN = join(RUNS, "photos");

/** The folders within a run's folder. */
export const RUN_FOLDERS = [...STAGE_NAMES, "photos", "evaluate", "export"] as const;

/**
 * What a folder is as that of a run.
 * @throws UserError when it is a run of an earlier version, or cannot be looked at.
 */
export async function runFolderState(out: string): Promise<FolderState> {
  try {
    const state = await folderState(out, "run");
    if (state.is !== "foreign" || !await isEarlierRun(out)) return state;
    throw new UserError(
      `Cannot go on with ${out}: expected a run of this version, got one of an earlier version. Start it again with ` +
        `another folder (--out ${await freeName(out, "run")}), or remove this one yourself first`,
    );
  } catch (thrown) {
    throw explained(thrown, out);
  }
}

async function isEarlierRun(out: string): Promise<boolean> {
  if (!(await lstatIfThere(join(out, CONFIG_FILE)))?.isFile) return false;
  return await readSettings(out).then((settings) => settings !== undefined, () => false);
}

/** Refuses a folder that is to be gone on with and is no run. */
export async function noRun(out: string, state: FolderState): Promise<UserError> {
  const name = state.is === "free" ? out : await freeName(out, "run");
  return new UserError(
    `Cannot open ${out}: expected the folder of a run, got none. Start one with deno task pipeline --data DIR --out ` +
      name,
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
  const state = await runFolderState(out);
  const settings = state.is === "owned" ? await readSettings(out) : undefined;
  if (settings) return await configOf(settings, out);
  throw await noRun(out, state);
}
