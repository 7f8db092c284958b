import { closestString } from "@std/text/closest-string";
import { join } from "@std/path";
import { writeSettings } from "../settings/config.ts";
import type { Arguments } from "./options.ts";
import { duration } from "../files/progress.ts";
import type { RunOptions, StageState } from "../runner/runner.ts";
import { STAGE_NAMES } from "../runner/stage.ts";
import { summaryOf } from "./summary.ts";
import { alignedTable } from "../files/table.ts";
import { UserError } from "../files/user_error.ts";
import { holdRun, withStages } from "./held_run.ts";
import { PHOTOS_RUN, RUNS, runToGoOnWith } from "./open_run.ts";
import { sampleIsDrawn } from "./sample.ts";

/** `deno task pipeline`: every stage that is out of date. */
export async function pipelineCommand(given: Arguments, signal: AbortSignal): Promise<void> {
  if (given.words.length > 0) {
    throw new UserError(`Cannot run the pipeline: expected options alone, got ${given.words[0]}. Did you mean --data?`);
  }
  const out = given.values.get("out") ?? (given.values.has("data") ? PHOTOS_RUN : join(RUNS, "sample"));
  const states = await runStages(given, out, { force: given.switches.has("force") ? "all" : undefined }, signal);
  if (states) console.log(summaryOf(out, states));
}

/** `deno task stage NAME`: one stage, and those before it that are out of date. */
export async function stageCommand(given: Arguments, signal: AbortSignal): Promise<void> {
  const [name] = given.words;
  const until = STAGE_NAMES.find((stage) => stage === name);
  if (until === undefined || given.words.length > 1) {
    const hint = name === undefined ? "" : ` Did you mean ${closestString(name, STAGE_NAMES)}?`;
    throw new UserError(`Cannot run a stage: expected one of ${STAGE_NAMES.join(", ")}, got ${name ?? "none"}.${hint}`);
  }
  const out = await runToGoOnWith(given);
  await runStages(given, out, { until, force: given.switches.has("force") ? until : undefined }, signal);
}

async function runStages(
  given: Arguments,
  out: string,
  options: RunOptions,
  signal: AbortSignal,
): Promise<StageState[] | undefined> {
  using held = await holdRun(given, out);
  const dryRun = given.switches.has("dry-run");
  if (dryRun && held.config.isSample && !await sampleIsDrawn(held.config)) {
    console.log(`${out}: would draw the sample photos, then run every stage, since none has run yet`);
    return undefined;
  }
  return await withStages(held, signal, async (runner) => {
    if (dryRun) {
      printPlan(await runner.states(options), out);
      return undefined;
    }
    await writeSettings(held.settings, out);
    const started = Date.now();
    const states = await runner.run(options);
    const ran = states.filter(({ state }) => state !== "up to date").map(({ stage }) => stage);
    runner.workshop.say(
      ran.length === 0
        ? `${out}: nothing to do, all ${states.length} stages are up to date`
        : `${out}: ran ${ran.join(", ")} in ${duration((Date.now() - started) / 1000)}`,
    );
    return states;
  });
}

function printPlan(states: readonly StageState[], out: string): void {
  const rows = states.map(({ stage, state, reason }) => [stage, state === "up to date" ? "keep" : "run", reason]);
  console.log(`${out}: what would be done`);
  console.log(alignedTable(["stage", "plan", "why"], rows));
}
