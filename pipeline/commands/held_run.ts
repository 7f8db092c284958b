import { join } from "@std/path";
import { assertTakeable } from "../../data/owned/owned_folder.ts";
import { assertReviewNamesPhotos } from "../outliers/assert_review_names_photos.ts";
import { readReview } from "../outliers/read_review.ts";
import { REVIEW_FILE } from "../outliers/review.ts";
import { chooseWeights } from "../weights/choose_weights.ts";
import { type Config, configOf, readSettings, type RunSettings } from "../settings/config.ts";
import { STAGES } from "../mod.ts";
import type { Arguments } from "./options/options.ts";
import { standardError } from "../terminal/progress.ts";
import { assertApartFromPhotos } from "./runs/apart_from_photos.ts";
import { assertMayWrite } from "./runs/may_write.ts";
import { lockRun, runFolder } from "../store/run_folder.ts";
import { Runner } from "../runner/runner.ts";
import { settingsFrom } from "./options/settings_from_arguments.ts";
import { RunContext } from "../runner/run_context.ts";
import { noRun, RUN_FOLDERS, runFolderState } from "./runs/open_run.ts";
import { sayEarlierNames } from "./options/earlier_names.ts";
import { drawSampleFor } from "./sample.ts";

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
 * cannot become one, or may not be written into.
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
  if (!dryRun) await assertMayWrite(out);
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
): Promise<Result> {
  const review = join(config.out, REVIEW_FILE);
  await readReview(review);
  if (config.isSample) await drawSampleFor(config, standardError, signal);
  const context = await RunContext.open(config, standardError, signal);
  try {
    const list = async () => (await (await context.photos("train")).list()).map(({ id }) => id);
    await assertReviewNamesPhotos(review, list);
    return await work(new Runner(STAGES, config, context));
  } finally {
    await context.close();
  }
}
