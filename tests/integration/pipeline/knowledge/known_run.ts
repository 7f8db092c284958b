import { join } from "@std/path";
import { drawSample } from "../../../../data/sample/sample_pets.ts";
import { RunKnowledge } from "../../../../pipeline/knowledge/run_knowledge.ts";
import { STAGES } from "../../../../pipeline/mod.ts";
import { RunContext } from "../../../../pipeline/runner/run_context.ts";
import { Runner } from "../../../../pipeline/runner/runner.ts";
import type { StageName } from "../../../../pipeline/runner/stage.ts";
import { type Config, configOf, DEFAULT_SETTINGS } from "../../../../pipeline/settings/config.ts";
import { runFolder } from "../../../../pipeline/store/run_folder.ts";

/** What is said on the way is for nobody. */
const SILENT = { isTerminal: false, write: () => {} };

/** A run over a small drawn sample, and what is known of it. */
export interface KnownRun {
  readonly config: Config;
  readonly knowledge: RunKnowledge;
  readonly context: RunContext;
  /** Runs what is out of date, as another process would. */
  run(until?: StageName): Promise<void>;
}

/** Draws photos into a folder, in which a test looks at a run over them. */
export async function withKnownRun(folder: string, test: (run: KnownRun) => Promise<void>): Promise<void> {
  const data = join(folder, "photos");
  await drawSample(data, { seed: 5, train: 80, test: 12 });
  const out = join(folder, "run");
  await runFolder(out).claim();
  const cache = join(folder, "features");
  const config = await configOf({ ...DEFAULT_SETTINGS, data, cache, backend: "onnx" }, out);
  const context = await RunContext.open(config, SILENT, new AbortController().signal);
  const knowledge = new RunKnowledge(context);
  const run = async (until?: StageName) => {
    const own = await RunContext.open(config, SILENT, new AbortController().signal);
    try {
      await new Runner(STAGES, config, own).run({ until });
    } finally {
      await own.close();
    }
  };
  try {
    await test({ config, knowledge, context, run });
  } finally {
    await knowledge.close();
    await context.close();
  }
}
