import { z } from "zod";
import { entryOf } from "../../../data/base/entry_of.ts";
import { type Manifest, OUTPUT_FILE, readHash } from "../../store/manifest.ts";
import { changedOutputs } from "../../store/stage_outputs.ts";
import type { VerifiedFolder } from "../../store/verified_folder.ts";
import type { StageFacts } from "./planner.ts";
import type { Run } from "../run.ts";
import { type OutsideTools, type Stage, type StageName, usesEngine } from "../stage.ts";
import type { Wanted } from "./staleness.ts";

/** Of a run, what its stages are judged by. */
export interface StoredRun extends Pick<Run, "stages" | "config" | "store"> {
  readonly context: { readonly outside: OutsideTools };
}

/** What a run's folder, its settings and the content outside it say of its stages. */
export class StoredFacts implements StageFacts {
  readonly #stages: ReadonlyMap<string, Stage>;

  constructor(readonly run: StoredRun) {
    this.#stages = new Map(run.stages.map((stage) => [stage.name, stage]));
  }

  async manifest(stage: StageName): Promise<Manifest | undefined> {
    return (await this.run.store.finished(stage))?.manifest;
  }

  async wanted(name: StageName, willRun: ReadonlySet<string>): Promise<Wanted> {
    const { config, context, store } = this.run;
    const stage = this.#stage(name);
    const inputs: Record<string, string | null> = {};
    for (const need of stage.needs) {
      const finished = willRun.has(need) ? undefined : await store.finished(need);
      inputs[need] = finished ? await this.#inputHash(stage, need, finished) : null;
    }
    Object.assign(inputs, await stage.external(config, context.outside));
    const backend = usesEngine(stage) && config.backend !== "auto" ? config.backend : null;
    return { version: stage.version, params: stage.params(config), inputs, backend };
  }

  async changedOutput(name: StageName): Promise<string | undefined> {
    const finished = await this.run.store.finished(name);
    return finished && (await changedOutputs(this.#stage(name), finished)).at(0)?.reason;
  }

  #stage(name: string): Stage {
    return entryOf(this.#stages, name, "a stage of the run");
  }

  /** One hash for what a stage reads of the result of one that it needs; null where an earlier program left another form. */
  async #inputHash(stage: Stage, need: string, finished: VerifiedFolder): Promise<string | null> {
    const needed = this.#stages.get(need);
    // Where shared files are tells nothing: the output tells what is in them.
    const files = finished.manifest.outputs
      .filter(({ file, set }) => file !== OUTPUT_FILE && set === undefined && !needed?.keeps(file));
    const output: unknown = JSON.parse(await finished.readText(OUTPUT_FILE));
    try {
      return readHash(stage.readFrom(need, output), files);
    } catch (thrown) {
      if (thrown instanceof z.ZodError && finished.manifest.version !== needed?.version) return null;
      throw thrown;
    }
  }
}
