import { join } from "@std/path";
import { assertTakeable } from "../../../data/owned/owned_folder.ts";
import { assertReviewNamesPhotos } from "../../outliers/assert_review_names_photos.ts";
import { readReview } from "../../outliers/read_review.ts";
import { REVIEW_FILE } from "../../outliers/review.ts";
import { chooseWeights } from "../../weights/choose_weights.ts";
import { type Config, configOf, readSettings, type RunSettings, writeSettings } from "../../settings/config.ts";
import { STAGES } from "../../mod.ts";
import type { Arguments } from "../options/options.ts";
import { duration, type Output, standardError } from "../../terminal/progress.ts";
import { assertApartFromPhotos } from "./apart_from_photos.ts";
import { stopwatch } from "../../files/stopwatch.ts";
import { lockRun, runFolder } from "../../store/run_folder.ts";
import { Runner } from "../../runner/runner.ts";
import { settingsFrom } from "../options/settings_from_arguments.ts";
import type { RunOptions, StageState } from "../../runner/plan/planner.ts";
import { RunContext } from "../../runner/run_context.ts";
import { noRun, RUN_FOLDERS, runFolderState } from "./open_run.ts";
import { sayEarlierNames } from "../options/earlier_names.ts";
import { drawSampleFor } from "./drawn_sample.ts";

/** A run's folder with its settings, held for this process until it is disposed of. */
export interface HeldRun extends Disposable {
  readonly settings: RunSettings;
  readonly config: Config;
}

/** What a command may do with a run's folder. */
export interface HoldOptions {
  /** Whether a run may be started there. */
  readonly mayStart: boolean;
  /** Whether nothing is to be written, not even a folder. */
  readonly dryRun?: boolean;
}

/**
 * Settles a run's settings, those on the command line over those that it has, and holds its folder. Nothing is written
 * unless all of it is right.
 * @throws UserError when the settings cannot be, or another process holds the folder, or the folder is no run and
 * cannot become one.
 */
export async function holdRun(given: Arguments, out: string, { mayStart, dryRun }: HoldOptions): Promise<HeldRun> {
  const state = await runFolderState(out);
  const isRun = state.is === "owned";
  if (!isRun && !mayStart) throw await noRun(out, state);
  await assertTakeable(out, "run", state);
  const known = isRun ? await readSettings(out) : undefined;
  sayEarlierNames([given.values.get("recipe") ?? ""], standardError);
  const settings = await chooseWeights(settingsFrom(given, known));
  const config = await configOf(settings, out);
  if (!config.isSample) {
    const photos = [settings.data, settings.test, config.data, config.test].filter((path) => path !== null);
    await assertApartFromPhotos(out, "run", [...new Set(photos)]);
  }
  const run = runFolder(out);
  for (const folder of RUN_FOLDERS) await run.assertReal(folder);
  if (dryRun && !isRun) return { settings, config, [Symbol.dispose]: () => {} };
  const lock = await lockRun(out);
  return { settings, config, [Symbol.dispose]: () => lock[Symbol.dispose]() };
}

/**
 * Does some work with a held run's stages: draws its sample first where it has one, and closes what was opened. A review
 * that cannot be followed is answered before anything is written.
 */
export async function withStages<Result>(
  { config }: HeldRun,
  signal: AbortSignal,
  work: (runner: Runner) => Promise<Result>,
  output: Output = standardError,
): Promise<Result> {
  const review = join(config.out, REVIEW_FILE);
  await readReview(review);
  if (config.isSample) await drawSampleFor(config, output, signal);
  const context = await RunContext.open(config, output, signal);
  try {
    const list = async () => (await (await context.photos("train")).list()).map(({ id }) => id);
    await assertReviewNamesPhotos(review, list);
    return await work(new Runner(STAGES, config, context));
  } finally {
    await context.close();
  }
}

/** Runs a held run's stages that are out of date, and says in a line which did. */
export async function runOutOfDate(
  settings: RunSettings,
  runner: Runner,
  options: RunOptions = {},
): Promise<StageState[]> {
  await writeSettings(settings, runner.context.runFolder);
  const seconds = stopwatch();
  const states = await runner.run(options);
  const { out } = runner.config;
  const ran = states.filter(({ state }) => state !== "up to date").map(({ stage }) => stage);
  runner.context.say(
    ran.length === 0
      ? `${out}: nothing to do, all ${states.length} stages are up to date`
      : `${out}: ran ${ran.join(", ")} in ${duration(seconds())}`,
  );
  return states;
}
