/// <reference no-default-lib="true" />
/// <reference lib="deno.worker" />
/** Runs a run's stages beside the thread that answers the pages, as the command line would: same checks, same lock. */
import { explain } from "../../commands/endings/explain.ts";
import { runOutOfDate } from "../../commands/runs/run_out_of_date.ts";
import { withRun } from "../../commands/runs/with_run.ts";
import type { Output } from "../../terminal/progress.ts";
import type { RunEnding, RunReport, RunRequest } from "./run_messages.ts";

const stopping = new AbortController();

const report = (told: RunReport) => self.postMessage(told);

const output: Output = {
  isTerminal: false,
  write: (text) => report({ kind: "line", text: text.trimEnd() }),
  progressed: (facts) => report({ kind: "progress", facts }),
};

self.onmessage = async ({ data: request }: MessageEvent<RunRequest>) => {
  if (request.kind === "stop") return stopping.abort();
  report({ kind: "ended", ending: await run(request.out, new Map(request.values)) });
};

async function run(out: string, values: ReadonlyMap<string, string>): Promise<RunEnding> {
  try {
    const given = { words: [], values, switches: new Set<string>() };
    await withRun(given, out, { mayStart: true, output }, stopping.signal, (runner) => runOutOfDate(runner));
    return { how: "done", message: "All stages are up to date." };
  } catch (thrown) {
    if (stopping.signal.aborted) {
      return { how: "stopped", message: "Stopped. Finished work is kept: go on at any time." };
    }
    return { how: "failed", message: explain(thrown).replace(/^error: /, "") };
  }
}
