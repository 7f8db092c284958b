import { stopwatch } from "../../files/stopwatch.ts";
import type { RunOptions, StageState } from "../../runner/plan/planner.ts";
import type { Runner } from "../../runner/runner.ts";
import { duration } from "../../terminal/progress.ts";

/** Runs the stages that are out of date, and says in a line which did. */
export async function runOutOfDate(runner: Runner, options: RunOptions = {}): Promise<StageState[]> {
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
