import { join } from "@std/path";
import { type FolderState, folderState } from "../../../data/owned/folder_marker.ts";
import { freeName } from "../../../data/owned/owned_folder.ts";
import { lstatIfThere } from "../../../data/owned/replace_file.ts";
import { type Config, CONFIG_FILE, configOf, readSettings } from "../../settings/config.ts";
import { explained } from "../../files/explained.ts";
import { STAGE_NAMES } from "../../runner/stage.ts";
import type { Arguments } from "../options/options.ts";
import { UserError } from "../../files/user_error.ts";
import { otherPhotos } from "./checks/assert_own_photos.ts";
import { runOnPhotos, RUNS } from "./places/default_run.ts";

/** The folders within a run's folder. */
export const RUN_FOLDERS = [...STAGE_NAMES, "photos", "evaluate", "export", "thumbnails"] as const;

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

/**
 * The run that a command goes on with: the one that it names, that on the photos given by `--data`, or the latest.
 * @param option that names a run's folder
 */
export async function runToGoOnWith({ values }: Arguments, option: "out" | "run" = "out"): Promise<string> {
  const data = values.get("data");
  return values.get(option) ?? (data === undefined ? await latestRun() : await runOnPhotos(data));
}

/**
 * The run that a command only looks at, as `runToGoOnWith` finds it.
 * @throws UserError when there is none, or it is on other photos than `--data` names.
 */
export async function openRun(given: Arguments, option: "out" | "run"): Promise<Config> {
  const out = await runToGoOnWith(given, option);
  const state = await runFolderState(out);
  const settings = state.is === "owned" ? await readSettings(out) : undefined;
  if (!settings) throw await noRun(out, state);
  const data = given.values.get("data");
  const other = data === undefined ? undefined : await otherPhotos(out, settings, { ...settings, data, test: null });
  if (!other) return await configOf(settings, out, true);
  throw new UserError(
    `Cannot open ${out}: expected a run on ${other.given}, got one on ${other.had}. Name the run's own folder with ` +
      `--${option}`,
  );
}
