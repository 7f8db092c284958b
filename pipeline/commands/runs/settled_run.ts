import { assertTakeable } from "../../../data/owned/owned_folder.ts";
import { type Config, configOf, readSettings, type RunSettings } from "../../settings/config.ts";
import { STAGES } from "../../mod.ts";
import { UserError } from "../../files/user_error.ts";
import { runFolder } from "../../store/run_folder.ts";
import { standardError } from "../../terminal/progress.ts";
import { chooseWeights } from "../../weights/choose_weights.ts";
import { sayEarlierNames } from "../options/earlier_names.ts";
import type { Arguments } from "../options/options.ts";
import { settingsFrom } from "../options/settings_from_arguments.ts";
import { assertApartFromPhotos } from "./checks/apart_from_photos.ts";
import { assertOwnPhotos } from "./checks/assert_own_photos.ts";
import { noRun, RUN_FOLDERS, runFolderState } from "./open_run.ts";
import { photoPlaces } from "./places/photo_places.ts";
import { realPlace } from "./places/real_place.ts";

/** A run whose settings are settled: those on the command line over those that it has. */
export interface SettledRun {
  readonly settings: RunSettings;
  readonly config: Config;
  /** The settings that it has; `undefined` where it has not begun. */
  readonly known: RunSettings | undefined;
  /** Whether its folder is there. */
  readonly isThere: boolean;
}

/**
 * Settles what a command means by its options, and that its folder can be the run's. Writes nothing.
 * @param mayStart whether a run may be started there
 * @throws UserError when the settings cannot be or are those of other photos, or the folder is no run and cannot become
 * one.
 */
export async function settledRun(given: Arguments, out: string, mayStart: boolean): Promise<SettledRun> {
  const state = await runFolderState(out);
  const isThere = state.is === "owned";
  if (!isThere && !mayStart) throw await noRun(out, state);
  await assertTakeable(out, "run", state);
  const known = isThere ? await readSettings(out) : undefined;
  sayEarlierNames([given.values.get("recipe") ?? ""], standardError);
  const chosen = await chooseWeights(settingsFrom(given, known));
  const settings = known && given.values.has("data") && !given.values.has("test")
    ? await withTestOf(known, chosen)
    : chosen;
  const config = await configOf(settings, out);
  // A stage refuses settings that do not go together.
  for (const stage of STAGES) stage.params(config);
  if (!given.switches.has("replace")) await assertOwnPhotos(out, known ?? settings, settings);
  await assertApartFromPhotos(out, "run", config.usersPhotos);
  await assertCacheFits(config);
  const run = runFolder(out);
  for (const folder of RUN_FOLDERS) await run.assertReal(folder);
  return { settings, config, known, isThere };
}

/** Checks that the features can be kept where they are to be: in a cache, or where one can be made. */
async function assertCacheFits({ out, cacheFolder, usersPhotos }: Config): Promise<void> {
  await assertTakeable(cacheFolder, "features");
  await assertApartFromPhotos(cacheFolder, "features", usersPhotos);
  if (await realPlace(cacheFolder) !== await realPlace(out)) return;
  throw new UserError(
    `Cannot use --cache ${cacheFolder}: expected a folder beside the run's, got the run's own. Name another`,
  );
}

/** The settings with the run's own photos to predict where the labelled ones are its own, and with none of its where not. */
async function withTestOf(known: RunSettings, settings: RunSettings): Promise<RunSettings> {
  if (known.data === null || settings.data === null) return settings;
  const had = await photoPlaces({ ...known, data: known.data });
  const given = await photoPlaces({ ...settings, data: settings.data });
  if (had.data !== given.data) return { ...settings, test: null };
  if (had.test === null || given.test !== null) return settings;
  // They stood beside the labelled ones in the folder that was named then.
  return { ...settings, test: (await configOf(known, "").catch(() => known)).test };
}
