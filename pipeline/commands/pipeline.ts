import { join } from "@std/path";
import type { Arguments } from "./options/options.ts";
import { didYouMean } from "../terminal/did_you_mean.ts";
import { print, printLines } from "../terminal/print.ts";
import { REPORT_FILE } from "../report/report_file.ts";
import type { RunOptions, StageState } from "../runner/plan/planner.ts";
import { STAGE_NAMES } from "../runner/stage.ts";
import { summaryOf } from "./endings/summary.ts";
import { alignedTable, TABLE_WIDTH } from "../terminal/table.ts";
import { UserError } from "../files/user_error.ts";
import type { Runner } from "../runner/runner.ts";
import { defaultRun } from "./runs/places/default_run.ts";
import { sampleIsDrawn } from "./runs/places/drawn_sample.ts";
import { runToGoOnWith } from "./runs/open_run.ts";
import { runOutOfDate } from "./runs/run_out_of_date.ts";
import { withRun } from "./runs/with_run.ts";
import { keepWatching } from "./watching/keep_watching.ts";

/** `deno task pipeline`: every stage that is out of date. */
export async function pipelineCommand(given: Arguments, signal: AbortSignal): Promise<void> {
  const out = given.values.get("out") ?? await defaultRun(given);
  const once = async (force?: "all") => {
    const states = await runStages(given, out, { force, mayStart: true }, signal);
    if (states) await printLines(summaryOf(out, states));
  };
  const force = given.switches.has("force") ? "all" : undefined;
  if (!given.switches.has("watch")) return await once(force);
  await keepWatching(given, out, signal, (isFirst) => once(isFirst ? force : undefined));
}

/** `deno task stage NAME`: one stage, and those before it that are out of date. */
export async function stageCommand(given: Arguments, signal: AbortSignal): Promise<void> {
  const [name] = given.words;
  const until = STAGE_NAMES.find((stage) => stage === name);
  if (until === undefined || given.words.length > 1) {
    const hint = name === undefined ? " Try deno task stage scan" : didYouMean(name, STAGE_NAMES);
    throw new UserError(`Cannot run a stage: expected one of ${STAGE_NAMES.join(", ")}, got ${name ?? "none"}.${hint}`);
  }
  const out = await runToGoOnWith(given);
  const force = given.switches.has("force") ? until : undefined;
  const states = await runStages(given, out, { until, force, mayStart: given.values.has("data") }, signal);
  if (states && until === "report") await print(join(out, until, REPORT_FILE));
}

async function runStages(
  given: Arguments,
  out: string,
  { mayStart, ...options }: RunOptions & { readonly mayStart: boolean },
  signal: AbortSignal,
): Promise<StageState[] | undefined> {
  const dryRun = given.switches.has("dry-run");
  return await withRun(given, out, { mayStart, dryRun }, signal, async (runner) => {
    if (dryRun) {
      await printPlan(runner, options);
      return undefined;
    }
    return await runOutOfDate(runner, options);
  });
}

async function printPlan(runner: Runner, options: RunOptions): Promise<void> {
  const { config, config: { out } } = runner;
  if (config.isSample && !await sampleIsDrawn(config)) {
    await print(`${out}: would draw the sample photos of seed ${config.seed}, then run every stage on them`);
    return;
  }
  const states = await runner.states(options);
  const rows = states.map(({ stage, state, reason }) => [stage, state === "up to date" ? "keep" : "run", reason]);
  await print(`${out}: what would be done`);
  await printLines(alignedTable(["stage", "plan", "why"], rows, TABLE_WIDTH));
}
