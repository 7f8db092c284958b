import type { StageFolder } from "../../store/run_folder.ts";
import type { VerifiedFolder } from "../../store/verified_folder.ts";
import type { Run } from "../run.ts";
import type { Stage, StageRecord, StageTools } from "../stage.ts";

/** What a stage is given that is its own, and not the run's. */
interface OwnTools {
  readonly folder: StageFolder;
  /** What the stages wrote that it needs. */
  readonly needed: ReadonlyMap<string, VerifiedFolder>;
  records(): Promise<StageRecord[]>;
  /** Where its warnings are kept. */
  readonly warnings: string[];
}

/** All that a stage of this run could ask for; `defineStage` hands on what it names. */
export function toolsFor(
  { name: stage, needs }: Pick<Stage, "name" | "needs">,
  { config, context }: Pick<Run, "config" | "context">,
  { folder, needed, records, warnings }: OwnTools,
): StageTools {
  return {
    ...context.outside,
    cache: context.cache,
    folder,
    inputFolder: (name) => {
      const finished = needed.get(name);
      if (finished) return finished;
      throw new Error(`Cannot read stage ${name} in ${stage}: expected one of [${needs}], got ${name}`);
    },
    random: (purpose) => context.random(`${stage} ${purpose}`),
    progress: (total, unit) => context.progress(stage, total, unit),
    signal: context.signal,
    engine: async () => (await context.chosenEngine()).engine,
    backbones: () => context.backbones(config.hyperparameters),
    facts: context.facts,
    records,
    say: (line) => context.say(line),
    warn: (line) => {
      warnings.push(line);
      context.say(`  warning: ${line}`);
    },
  };
}
