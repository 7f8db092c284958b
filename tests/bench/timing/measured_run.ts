import { join } from "@std/path";
/**
 * A whole run of the pipeline as a program of its own, which tells at its end what it took.
 *
 * usage: deno run -A tests/bench/timing/measured_run.ts SETTINGS_AS_JSON
 */
import process from "node:process";
import { z } from "zod";
import { configOf, DEFAULT_SETTINGS } from "../../../pipeline/settings/config.ts";
import { STAGES } from "../../../pipeline/mod.ts";
import { standardError } from "../../../pipeline/terminal/progress.ts";
import type { Recipe } from "../../../pipeline/settings/recipe.ts";
import { Runner } from "../../../pipeline/runner/runner.ts";
import { RunContext } from "../../../pipeline/runner/run_context.ts";

/** What is run. */
export const MeasuredSettings = z.object({
  data: z.string(),
  test: z.string(),
  weights: z.string(),
  recipe: z.string(),
  out: z.string(),
  /** In place of the recipe's own number, for recipes that fine-tune. */
  finetuneEpochs: z.number().int().optional(),
  cacheGigabytes: z.number().optional(),
});

/** What it took. */
export const Measured = z.object({
  /** Of each stage. */
  seconds: z.record(z.string(), z.number()),
  /** Of all cores together, user and system. */
  cpuSeconds: z.number(),
  /** The most memory that the process held at once. */
  peakBytes: z.number(),
  validationLoss: z.number(),
});

function withEpochs(recipe: Recipe, epochs: number | undefined): Recipe {
  if (epochs === undefined || recipe.kind !== "fusion network") return recipe;
  return { ...recipe, finetune: { ...recipe.finetune, epochs } };
}

async function run(settings: z.infer<typeof MeasuredSettings>): Promise<z.infer<typeof Measured>> {
  const { out, finetuneEpochs, cacheGigabytes = DEFAULT_SETTINGS.cacheGigabytes, ...given } = settings;
  // A cache of its own: what another run has computed would be no time of this one.
  const own = { cacheGigabytes, cache: join(out, "features"), weightsByDefault: false };
  const config = await configOf({ ...DEFAULT_SETTINGS, ...given, ...own }, out);
  const measured = { ...config, hyperparameters: withEpochs(config.hyperparameters, finetuneEpochs) };
  const context = await RunContext.open(measured, standardError, new AbortController().signal);
  const states = await new Runner(STAGES, measured, context).run();
  await context.close();
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
  return {
    seconds: Object.fromEntries(states.map(({ stage, manifest }) => [stage, manifest?.seconds ?? 0])),
    cpuSeconds: (userCPUTime + systemCPUTime) / 1e6,
    peakBytes: maxRSS * 1024,
    validationLoss: states.find(({ stage }) => stage === "predict")?.manifest?.counts["validation log loss"] ?? NaN,
  };
}

if (import.meta.main) {
  const measured = await run(MeasuredSettings.parse(JSON.parse(Deno.args[0])));
  console.log(JSON.stringify(Measured.parse(measured)));
  Deno.exit(0);
}
