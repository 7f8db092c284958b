import { z } from "zod";
import { basename, dirname, join } from "@std/path";
import { PhotoSourceError } from "../../data/photo_source_error.ts";
import { findPhotoSets, type PhotoSets } from "../../data/source/photo_sets.ts";
import { lstatIfThere } from "../../data/owned/replace_file.ts";
import { ENGINE_NAMES } from "../../model/engines/engine.ts";
import { readTextIfThere } from "../files/text_file.ts";
import type { Recipe } from "./recipe.ts";
import { currentName, DEFAULT_RECIPE, RECIPES } from "./recipes.ts";
import type { StageFolder } from "../store/run_folder.ts";
import { nearestName } from "../terminal/did_you_mean.ts";
import { UserError } from "../files/user_error.ts";

/** In what numbers frozen backbones may compute; `auto`: 8-bit integers where they are faster, else the engine's floats. */
export const PRECISIONS = ["auto", "int8", "f32"] as const;
export type Precision = (typeof PRECISIONS)[number];

/** The settings of a run, kept as `config.json` in its folder so that `stage`, `status` and `report` can go on from it. */
export const RunSettings = z.strictObject({
  /** The folder or zip of labelled photos; null draws the sample. */
  data: z.string().nullable(),
  /** The folder or zip of photos to predict; null where there is none. */
  test: z.string().nullable(),
  /** `mini`, `full` or a folder with the two files. */
  weights: z.string(),
  /** Whether `weights` was settled by what had been fetched, to be settled anew, and not by the user's word. */
  weightsByDefault: z.boolean().default(false),
  recipe: z.string(),
  backend: z.enum(["auto", ...ENGINE_NAMES]),
  precision: z.enum(PRECISIONS).default("auto"),
  seed: z.number().int(),
  trimTest: z.boolean(),
  /** Predictions are kept this far from 0 and 1; 0 leaves them as they are. */
  clip: z.number().min(0).max(0.5),
  /** Disk that cached activations may take, in GB; a plain number of gigabytes (10^9 bytes). */
  cacheGigabytes: z.number().nonnegative(),
  /** The folder of features that all runs share; null for the usual one. */
  cache: z.string().nullable().default(null),
});
export type RunSettings = z.infer<typeof RunSettings>;

/** The settings with what follows from them. */
export interface Config extends Omit<RunSettings, "data" | "test"> {
  /** Where the labelled photos are: a folder or a zip. */
  readonly data: string;
  /** Where the photos to predict are; null where there are none. */
  readonly test: string | null;
  /** Whether the photos are the drawn sample. */
  readonly isSample: boolean;
  /** The user's photos: the folders and zips that were named, and those that were found in them. Nothing is written there. */
  readonly usersPhotos: readonly string[];
  /** The run's folder. */
  readonly out: string;
  /** Where the features are that all runs share. */
  readonly cacheFolder: string;
  /** What the recipe of that name says. */
  readonly hyperparameters: Recipe;
}

export const DEFAULT_SETTINGS: RunSettings = {
  data: null,
  test: null,
  weights: "mini",
  weightsByDefault: true,
  recipe: DEFAULT_RECIPE,
  backend: "auto",
  precision: "auto",
  seed: 0,
  trimTest: true,
  clip: 0.005,
  cacheGigabytes: 40,
  cache: null,
};

/** Where features are kept for all runs, unless they are told of another place. */
export const USUAL_CACHE = "runs/.features";

/** The settings in a run's folder. */
export const CONFIG_FILE = "config.json";

/**
 * Settles where the photos of a run are.
 * @param mayBeGone whether a folder of photos need not be there, as where a finished run is only looked at
 * @throws UserError when the recipe is not known, or a folder cannot be looked into.
 */
export async function configOf(given: RunSettings, out: string, mayBeGone = false): Promise<Config> {
  const settings = { ...given, recipe: currentName(given.recipe) };
  const cacheFolder = settings.cache ?? USUAL_CACHE;
  const hyperparameters = Object.hasOwn(RECIPES, settings.recipe) ? RECIPES[settings.recipe] : undefined;
  if (!hyperparameters) {
    throw new UserError(
      `Cannot use recipe ${settings.recipe}: expected one of ${
        Object.keys(RECIPES).join(", ")
      }, got ${settings.recipe}`,
    );
  }
  if (settings.data === null) {
    const { train, test } = samplePhotos(out);
    return { ...settings, out, cacheFolder, hyperparameters, isSample: true, usersPhotos: [], data: train, test };
  }
  const sets = await setsIn(settings.data, "data", mayBeGone);
  const data = sets.train ?? settings.data;
  const named = settings.test === null
    ? sets.test
    : (await setsIn(settings.test, "test", mayBeGone)).test ?? settings.test;
  const test = named ?? null;
  const usersPhotos = [...new Set([settings.data, settings.test, data, test].filter((path) => path !== null))];
  return { ...settings, out, cacheFolder, hyperparameters, isSample: false, usersPhotos, data, test };
}

/** The sets that stand side by side in a folder; a zip file has none. */
async function setsIn(path: string, option: "data" | "test", mayBeGone: boolean): Promise<PhotoSets> {
  if (path.toLowerCase().endsWith(".zip")) return {};
  try {
    return await findPhotoSets(path);
  } catch (thrown) {
    if (!(thrown instanceof PhotoSourceError)) throw thrown;
    if (mayBeGone) return {};
    const near = nearestName(basename(path), await namesBeside(path));
    const advice = near === undefined ? `Name another with --${option}` : `Did you mean ${join(dirname(path), near)}?`;
    throw new PhotoSourceError(`${thrown.message}. ${advice}`, { cause: thrown });
  }
}

/** What lies in the folder that a path names, except the path itself; nothing where it cannot be listed. */
async function namesBeside(path: string): Promise<string[]> {
  try {
    const entries = await Array.fromAsync(Deno.readDir(dirname(path)));
    return entries.filter(({ name, isFile }) => !isFile && name !== basename(path)).map(({ name }) => name).sort();
  } catch {
    return [];
  }
}

/** Where a run on the drawn sample keeps its photos. */
export function samplePhotos(out: string): { folder: string; train: string; test: string } {
  const folder = join(out, "photos");
  return { folder, train: join(folder, "train"), test: join(folder, "test") };
}

/** Reads the settings that a run was started with, or `undefined` where there is no run. */
export async function readSettings(out: string): Promise<RunSettings | undefined> {
  const path = join(out, CONFIG_FILE);
  const text = await readTextIfThere(path);
  if (text === undefined) return undefined;
  try {
    return RunSettings.parse(JSON.parse(text));
  } catch {
    throw new UserError(
      `Cannot read ${path}: expected the settings of a run, got something else. It was edited, or written by another ` +
        `version: remove it and start the run with its options again`,
    );
  }
}

/** Writes a run's settings, or where they are the same only marks them as used now, by which the latest run is found. */
export async function writeSettings(settings: RunSettings, run: StageFolder): Promise<void> {
  const text = JSON.stringify(RunSettings.parse(settings), null, 2) + "\n";
  const path = run.path(CONFIG_FILE);
  if (await readTextIfThere(path) !== text) return await run.write(CONFIG_FILE, text);
  // A link's target is somebody else's; and on a disk that cannot be written the run is used all the same.
  if (!(await lstatIfThere(path))?.isFile) return;
  await Deno.utime(path, new Date(), new Date()).catch(() => {});
}
