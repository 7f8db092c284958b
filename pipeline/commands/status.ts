import { checkRun, type RunCheck } from "../runner/check_run.ts";
import type { StageState } from "../runner/plan/planner.ts";
import { Runner } from "../runner/runner.ts";
import { STAGES } from "../mod.ts";
import type { Arguments } from "./options/options.ts";
import { printLines } from "../terminal/print.ts";
import { duration, standardError } from "../terminal/progress.ts";
import { alignedTable, countsText, TABLE_WIDTH } from "../terminal/table.ts";
import { UserError } from "../files/user_error.ts";
import { PARTS_FOLDER } from "../parts/part_file.ts";
import { type PartState, partStates } from "../parts/part_states.ts";
import { RunContext } from "../runner/run_context.ts";
import { StageFolder } from "../store/run_folder.ts";
import { openRun } from "./runs/open_run.ts";

/**
 * `deno task status`: the stages with state and reason; with `--check`, whether all is still what was written.
 * @throws UserError when something is no longer so; it was printed then.
 */
export async function statusCommand(given: Arguments, signal: AbortSignal): Promise<void> {
  const config = await openRun(given, "out");
  const context = await RunContext.open(config, standardError, signal);
  try {
    const check = given.switches.has("check") ? await checkRun(context) : undefined;
    // A stage that cannot be told of is among the changes.
    const states = await statesOf(new Runner(STAGES, config, context), check);
    const parts = await partsOf(context, states);
    const told = { states, parts, check };
    await printLines(given.switches.has("json") ? asJson(config.out, told) : asText(config.out, told));
    if (check && check.changes.length > 0) throw notAsWritten(config.out, check);
  } finally {
    await context.close();
  }
}

async function statesOf(runner: Runner, check: RunCheck | undefined): Promise<StageState[]> {
  try {
    return await runner.states();
  } catch (thrown) {
    if (thrown instanceof UserError && check && check.changes.length > 0) return [];
    throw thrown;
  }
}

/** The parts of the work that machines share, until the stage has taken in what they did. */
async function partsOf({ runFolder }: RunContext, states: readonly StageState[]): Promise<PartState[]> {
  const isDone = states.some(({ stage, state }) => stage === "transform" && state === "up to date");
  return isDone ? [] : await partStates(new StageFolder(runFolder.run, PARTS_FOLDER));
}

/** What is known of a run. */
interface Told {
  readonly states: readonly StageState[];
  readonly parts: readonly PartState[];
  readonly check: RunCheck | undefined;
}

function asJson(run: string, { states, parts, check }: Told): string {
  const stages = states.map(({ stage, state, reason, manifest }) => ({
    stage,
    state,
    reason,
    seconds: manifest?.seconds ?? null,
    backend: manifest?.backend ?? null,
    counts: manifest?.counts ?? {},
  }));
  const shared = parts.length > 0 ? { parts } : {};
  return JSON.stringify({ run, stages, ...shared, ...(check ? { check } : {}) }, null, 2);
}

function asText(run: string, { states, parts, check }: Told): string {
  const rows = states.map(({ stage, state, reason, manifest }) => [
    stage,
    state,
    manifest ? duration(manifest.seconds) : "",
    reason || countsText(manifest?.counts ?? {}),
  ]);
  const table = alignedTable(
    ["stage", "state", "took", "what it counted, or why it is out of date"],
    rows,
    TABLE_WIDTH,
  );
  const stages = rows.length > 0 ? [table] : [];
  return [run, ...stages, ...partLines(parts), ...(check ? checkLines(check) : [])].join("\n");
}

function partLines(parts: readonly PartState[]): string[] {
  if (parts.length === 0) return [];
  const rows = parts.map((told) => {
    const { part: { number, of }, state, host = "" } = told;
    return [`${number}/${of}`, state, host, aboutPart(told)];
  });
  return ["", alignedTable(["part", "state", "machine", "what it counted, or where to look"], rows, TABLE_WIDTH)];
}

function aboutPart({ state, counts = {}, problem, log, began = "" }: PartState): string {
  if (state === "done") return countsText(counts);
  const what = state === "running"
    ? `since ${began.replace("T", " ").slice(0, "2026-11-25 12:00".length)} UTC`
    : problem;
  return [what, log].filter((text) => text !== undefined).join("; ");
}

function checkLines({ files, photos, changes }: RunCheck): string[] {
  const read = `${files} files of stages, ${photos} photos and the weights were read`;
  return changes.length === 0 ? [`${read}: all is as it was`] : [`${read}: no longer so:`, ...changes];
}

function notAsWritten(out: string, { changes }: RunCheck): UserError {
  return new UserError(
    `Cannot vouch for ${out}: expected all as it was, got ${changes.length} changes. Remove what is named above from ` +
      `the run, and hashes.json where photos changed, then run deno task pipeline --out ${out}`,
  );
}
