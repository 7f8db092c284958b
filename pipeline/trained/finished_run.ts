import { join } from "@std/path";
import { UserError } from "../files/user_error.ts";
import { REVIEW_FILE } from "../review/file/review.ts";
import { TrainedClassifier } from "./trained_classifier.ts";
import { chosenFit, chosenFitText } from "../classifier/chosen_fit.ts";
import { UntimedFit } from "../classifier/fitted.ts";
import { featurePrecision } from "../classifier/feature_precision.ts";
import { readState } from "../classifier/state_file.ts";
import type { Engine } from "../../model/engines/engine.ts";
import type { TensorMap } from "../../model/tensor.ts";
import { type BackboneRanges, RANGES_FILE, readRanges } from "../features/precision/backbone_ranges.ts";
import { rangesKey } from "../features/precision/settle_precision.ts";
import { WIDE_FLOATS_FILE } from "../features/precision/settle_floats.ts";
import { finishedStage } from "../runner/execute/finished_stage.ts";
import type { RunContext } from "../runner/run_context.ts";
import type { OutsideTools } from "../runner/stage.ts";
import type { Config } from "../settings/config.ts";
import { OUTPUT_FILE } from "../store/manifest.ts";
import type { StoredRun } from "../runner/plan/stored_facts.ts";
import { type ReadableFolder, runFolder } from "../store/run_folder.ts";
import { RunStore } from "../store/run_store.ts";
import { stageNamed, STAGES } from "../mod.ts";

/**
 * What a run has trained.
 * @throws UserError when it has not come that far, came there by other settings or weights than it has now, or has begun
 * to make anew what it came there by.
 */
export async function finetunedState(config: Config, tools: OutsideTools): Promise<TensorMap> {
  return await readState(await finetuned(config, tools));
}

/**
 * A run's classifier, ready to predict any photos. Says which run that is, and which of its fits.
 * @throws UserError as `finetunedState` does.
 */
export async function openTrainedClassifier(config: Config, context: RunContext): Promise<TrainedClassifier> {
  const folder = await finetuned(config, context.outside);
  const state = await readState(folder);
  const fit = chosenFit(UntimedFit.parse(JSON.parse(await folder.readText(OUTPUT_FILE))));
  context.say(`  run: ${config.out}, ${config.recipe}, ${chosenFitText(fit)}`);
  await sayIfReviewChanged(config, context);
  const { ranges, engine } = await precisionOfRun(config, context);
  const backbones = () => context.backbones(config.hyperparameters);
  if (ranges && !(await engine()).integers) {
    context.say("  precision: this engine's floats; the run's features were computed in 8-bit integers");
  }
  return await TrainedClassifier.open(config, state, { engine, backbones }, ranges);
}

/** Says so where the user's word is no longer the one by which a run's classifier was fitted. */
export async function sayIfReviewChanged(config: Config, context: RunContext): Promise<void> {
  const { store } = storedRun(config, context.outside);
  for (const name of ["split", "rescan"] as const) {
    const inputs = (await store.finished(name))?.manifest.inputs ?? {};
    const now = await stageNamed(name).external(config, context.outside).catch((thrown: unknown) => {
      // One that cannot be followed was not followed then.
      if (thrown instanceof UserError) return { [name]: "" };
      throw thrown;
    });
    if (Object.entries(now).every(([outside, hash]) => inputs[outside] === hash)) continue;
    const review = join(config.out, REVIEW_FILE);
    context.say(`  note: ${review} has changed since: deno task pipeline --out ${config.out} follows it`);
    return;
  }
}

/** In what numbers a run's features were computed. */
export interface RunPrecision {
  /** The ranges by which they were in integers; `undefined` where they were not. */
  readonly ranges: BackboneRanges | undefined;
  /** The engine that the settings ask for, in 32 bits where the features are. */
  engine(): Promise<Engine>;
}

/**
 * In what numbers a run's features were computed, so that others can be computed like them.
 * @throws DamagedFile when the ranges are not what was written.
 */
export async function precisionOfRun(config: Config, context: RunContext): Promise<RunPrecision> {
  const purpose = `use the classifier of ${config.out}`;
  const folder = await finishedStage("transform", storedRun(config, context.outside), purpose);
  const isWide = featurePrecision(config) === "f32" || await folder.has(WIDE_FLOATS_FILE);
  return {
    ranges: await rangesIn(folder, config, context),
    async engine() {
      const { engine } = await context.chosenEngine();
      if (isWide) engine.halves?.leave();
      return engine;
    },
  };
}

async function rangesIn(
  folder: ReadableFolder,
  config: Config,
  context: RunContext,
): Promise<BackboneRanges | undefined> {
  if (!await folder.has(RANGES_FILE)) return undefined;
  const madeFor = rangesKey(await context.weightsHash(), await context.backbones(config.hyperparameters));
  const ranges = await readRanges(folder, RANGES_FILE, madeFor);
  if (ranges) return ranges;
  throw folder.damaged(RANGES_FILE);
}

async function finetuned(config: Config, tools: OutsideTools): Promise<ReadableFolder> {
  return await finishedStage("finetune", storedRun(config, tools), `use the classifier of ${config.out}`);
}

function storedRun(config: Config, outside: OutsideTools): StoredRun {
  return { stages: STAGES, config, context: { outside }, store: new RunStore(runFolder(config.out)) };
}
