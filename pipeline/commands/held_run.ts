import { chooseWeights } from "../weights/choose_weights.ts";
import { type Config, configOf, readSettings, type RunSettings } from "../settings/config.ts";
import { STAGES } from "../mod.ts";
import type { Arguments } from "./options.ts";
import { standardError } from "../files/progress.ts";
import { lockRun } from "../runner/run_folder.ts";
import { Runner } from "../runner/runner.ts";
import { settingsFrom } from "./settings_from_arguments.ts";
import { Workshop } from "../runner/run_context.ts";
import { sayEarlierNames } from "./earlier_names.ts";
import { drawSampleFor } from "./sample.ts";

/** A run's folder with its settings, held for this process until it is disposed of. */
export interface HeldRun extends Disposable {
  readonly settings: RunSettings;
  readonly config: Config;
}

/**
 * Settles a run's settings, those on the command line over those that it has, and holds its folder.
 * @throws UserError when the settings cannot be, or another process holds the folder.
 */
export async function holdRun(given: Arguments, out: string): Promise<HeldRun> {
  const known = await readSettings(out);
  sayEarlierNames([given.values.get("recipe") ?? ""], standardError);
  const settings = await chooseWeights(settingsFrom(given, known));
  const config = await configOf(settings, out);
  const lock = await lockRun(out);
  return { settings, config, [Symbol.dispose]: () => lock[Symbol.dispose]() };
}

/** Does some work with a held run's stages: draws its sample first where it has one, and closes what was opened. */
export async function withStages<Result>(
  { config }: HeldRun,
  signal: AbortSignal,
  work: (runner: Runner) => Promise<Result>,
): Promise<Result> {
  if (config.isSample) await drawSampleFor(config, standardError, signal);
  const workshop = await Workshop.open(config, standardError, signal);
  try {
    return await work(new Runner(STAGES, config, workshop));
  } finally {
    await workshop.close();
  }
}
