import { join } from "@std/path";
import type { EngineName } from "../../model/engines/engine.ts";
import { COMMANDS } from "../commands/options/options.ts";
import { readArguments } from "../commands/options/read_arguments.ts";
import { defaultRun } from "../commands/runs/places/default_run.ts";
import { runOutOfDate } from "../commands/runs/run_out_of_date.ts";
import { withRun } from "../commands/runs/with_run.ts";
import type { StageName } from "../runner/stage.ts";
import { type Listener, outputTo } from "./listener.ts";

/** What a run is told: the options of `deno task pipeline`, whose help says what each is for. */
export interface PipelineOptions extends Listener {
  /** The folder or zip of labelled photos; without it a sample is drawn. */
  readonly data?: string;
  /** The folder or zip of photos to predict. */
  readonly test?: string;
  /** The run's folder; by default named after its photos, below `runs/`. */
  readonly out?: string;
  /** `mini`, `full` or a folder with the two backbones. */
  readonly weights?: string;
  /** The name of the training's hyperparameters. */
  readonly recipe?: string;
  /** What computes. */
  readonly backend?: "auto" | EngineName;
  /** What frozen backbones compute in. */
  readonly precision?: "auto" | "int8" | "f32";
  /** Where all random numbers start: a whole number of 32 bits. */
  readonly seed?: number;
  /** Whether photos to predict are trimmed as well. */
  readonly trimTest?: boolean;
  /** Predictions are kept this far from 0 and 1. */
  readonly clip?: number;
  /** Lets these photos take the place of those that the run has. */
  readonly replace?: boolean;
  /** The last stage to run; all of them otherwise. */
  readonly until?: StageName;
}

/** What became of a stage. */
export interface StageResult {
  /** Its name. */
  readonly stage: StageName;
  /** Whether it ran now; otherwise it was up to date. */
  readonly ran: boolean;
  /** Why it ran. */
  readonly reason: string;
}

/** What a call of `runPipeline` did. */
export interface PipelineResult {
  /** The run's folder. */
  readonly run: string;
  /** Those that were asked for, in order. */
  readonly stages: readonly StageResult[];
  /** The predictions, where that stage is among them. */
  readonly submission?: string;
}

/**
 * Runs the stages that are out of date, as `deno task pipeline` does, with the same checks before the first byte is
 * written and the same lock.
 * @throws UserError when something is not right with the options, the photos or the folder.
 */
export async function runPipeline(options: PipelineOptions = {}): Promise<PipelineResult> {
  const given = readArguments(COMMANDS.pipeline, wordsOf(options));
  const run = options.out ?? await defaultRun(given);
  const { until, signal = new AbortController().signal } = options;
  const held = { mayStart: true, output: outputTo(options) };
  const states = await withRun(given, run, held, signal, (runner) => runOutOfDate(runner, { until }));
  const stages = states.map(({ stage, state, reason }) => ({ stage, ran: state !== "up to date", reason }));
  const predicted = stages.some(({ stage }) => stage === "predict");
  return { run, stages, ...predicted ? { submission: join(run, "predict", "submission.csv") } : {} };
}

/** The options as words of the command line, which checks them. */
function wordsOf(options: PipelineOptions): string[] {
  const values = {
    "data": options.data,
    "test": options.test,
    "out": options.out,
    "weights": options.weights,
    "recipe": options.recipe,
    "backend": options.backend,
    "precision": options.precision,
    "seed": options.seed,
    "trim-test": options.trimTest,
    "clip": options.clip,
  };
  const words = Object.entries(values).flatMap(([name, value]) => value === undefined ? [] : [`--${name}=${value}`]);
  return options.replace ? [...words, "--replace"] : words;
}
