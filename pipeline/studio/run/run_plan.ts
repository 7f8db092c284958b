import { runFolderState } from "../../commands/runs/open_run.ts";
import { STAGES } from "../../mod.ts";
import type { StageState } from "../../runner/plan/planner.ts";
import { RunContext } from "../../runner/run_context.ts";
import { Runner } from "../../runner/runner.ts";
import { type Config, configOf, readSettings } from "../../settings/config.ts";
import { linesTo } from "../../terminal/lines_to.ts";

/** What is said on the way is for nobody. */
const SILENT = linesTo();

/** The settings of a run, or `undefined` where there is none yet. */
export async function configIfThere(out: string): Promise<Config | undefined> {
  const { is } = await runFolderState(out);
  const settings = is === "owned" ? await readSettings(out) : undefined;
  return settings ? await configOf(settings, out) : undefined;
}

/** Says of every stage whether it has to run and why, as `deno task status` does; nothing is written. */
export async function planOf(config: Config): Promise<StageState[]> {
  const context = await RunContext.open(config, SILENT, new AbortController().signal);
  try {
    return await new Runner(STAGES, config, context).states();
  } finally {
    await context.close();
  }
}
