import { Runner } from "../runner/runner.ts";
import { STAGES } from "../mod.ts";
import type { Arguments } from "./options.ts";
import { duration, standardError } from "../files/progress.ts";
import { alignedTable, countsText } from "../files/table.ts";
import { Workshop } from "../runner/run_context.ts";
import { latestRun, openRun } from "./open_run.ts";

/** `deno task status`: the stages with state and reason. */
export async function statusCommand(given: Arguments, signal: AbortSignal): Promise<void> {
  const config = await openRun(given.values.get("out") ?? await latestRun());
  const workshop = await Workshop.open(config, standardError, signal);
  const states = await new Runner(STAGES, config, workshop).states();
  await workshop.close();
  if (given.switches.has("json")) {
    const stages = states.map(({ stage, state, reason, manifest }) => ({
      stage,
      state,
      reason,
      seconds: manifest?.seconds ?? null,
      backend: manifest?.backend ?? null,
      counts: manifest?.counts ?? {},
    }));
    return console.log(JSON.stringify({ run: config.out, stages }, null, 2));
  }
  console.log(config.out);
  console.log(alignedTable(
    ["stage", "state", "took", "what it counted, or why it is out of date"],
    states.map(({ stage, state, reason, manifest }) => [
      stage,
      state,
      manifest ? duration(manifest.seconds) : "",
      reason || countsText(manifest?.counts ?? {}),
    ]),
  ));
}
