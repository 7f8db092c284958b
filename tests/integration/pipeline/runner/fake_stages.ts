import { z } from "zod";
import { join } from "@std/path";
import { type Config, configOf, DEFAULT_SETTINGS, type RunSettings } from "../../../../pipeline/settings/config.ts";
import type { RunOptions, StageState } from "../../../../pipeline/runner/plan/planner.ts";
import { Runner } from "../../../../pipeline/runner/runner.ts";
import { defineStage, type Stage, type StageName, type StageTools } from "../../../../pipeline/runner/stage.ts";
import { RunContext } from "../../../../pipeline/runner/run_context.ts";

/** What stages do before they give their output, with what each of them uses. */
interface During {
  scan?: (tools: Pick<StageTools, "warn">) => Promise<void>;
  trim?: (tools: Pick<StageTools, "folder">) => Promise<void>;
  filter?: (tools: Pick<StageTools, "inputFolder">) => Promise<void>;
  split?: (tools: Pick<StageTools, "records">) => Promise<void>;
}

/**
 * A run of four small stages in a folder of its own: `trim` needs `scan`, `filter` needs `trim`, `split` needs `scan`.
 * What they depend on is here to be changed, and what ran is remembered.
 */
export class FakeRun implements AsyncDisposable {
  readonly ran: StageName[] = [];
  readonly said: string[] = [];
  /** What `scan` reads from outside the run; its output is the length alone. */
  photos = "three";
  versions: Partial<Record<StageName, number>> = {};
  settings: RunSettings = { ...DEFAULT_SETTINGS };
  /** Whether `trim` goes on with its shards when it runs again. */
  trimKeepsShards = false;
  /** Done by a stage before it gives its output, with its tools. */
  during: During = {};

  private constructor(readonly out: string) {}

  static async make(): Promise<FakeRun> {
    return new FakeRun(await Deno.makeTempDir());
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Deno.remove(this.out, { recursive: true });
  }

  path(...parts: string[]): string {
    return join(this.out, ...parts);
  }

  /** Runs as a new process would. */
  async run(options: RunOptions = {}): Promise<StageState[]> {
    this.ran.length = 0;
    this.said.length = 0;
    return await (await this.#runner()).run(options);
  }

  async states(options: RunOptions = {}): Promise<StageState[]> {
    return await (await this.#runner()).states(options);
  }

  /** Why stages ran, or would run, by their names; those that are up to date are left out. */
  static reasons(states: readonly StageState[]): Record<string, string> {
    return Object.fromEntries(
      states.filter(({ state }) => state !== "up to date").map(({ stage, reason }) => [stage, reason]),
    );
  }

  async filesOf(stage: StageName): Promise<string[]> {
    return (await Array.fromAsync(Deno.readDir(this.path(stage)))).map(({ name }) => name).sort();
  }

  async #runner(): Promise<Runner> {
    const config: Config = await configOf(this.settings, this.out);
    const output = { isTerminal: false, write: (text: string) => void this.said.push(text.trimEnd()) };
    return new Runner(this.#stages(), config, await RunContext.open(config, output, new AbortController().signal));
  }

  #stages(): Stage[] {
    const { photos, versions, ran, during, trimKeepsShards } = this;
    const scan = defineStage({
      name: "scan",
      version: versions.scan ?? 1,
      inputs: z.object({}),
      output: z.number(),
      tools: ["warn"],
      params: ({ seed }) => ({ seed }),
      external: () => Promise.resolve({ "the photos": photos }),
      async run(_, __, tools) {
        ran.push("scan");
        await during.scan?.(tools);
        return { output: photos.length, counts: { photos: photos.length } };
      },
    });
    const trim = defineStage({
      name: "trim",
      version: versions.trim ?? 1,
      inputs: z.object({ scan: z.number() }),
      output: z.number(),
      tools: ["folder"],
      keeps: (file) => trimKeepsShards && file.startsWith("shard-"),
      params: ({ trimTest }) => ({ trimTest }),
      async run({ scan }, { trimTest }, tools) {
        ran.push("trim");
        await during.trim?.(tools);
        await tools.folder.write("boxes.txt", `${scan} ${trimTest}`);
        return { output: 2 * scan, counts: {} };
      },
    });
    const filter = defineStage({
      name: "filter",
      version: versions.filter ?? 1,
      inputs: z.object({ trim: z.number() }),
      output: z.number(),
      tools: ["inputFolder"],
      params: ({ clip }) => ({ clip }),
      async run({ trim }, _, tools) {
        ran.push("filter");
        await during.filter?.(tools);
        return { output: trim + 1, counts: {} };
      },
    });
    const split = defineStage({
      name: "split",
      version: versions.split ?? 1,
      inputs: z.object({ scan: z.number() }),
      output: z.number(),
      tools: ["records"],
      params: () => ({}),
      async run({ scan }, _, tools) {
        ran.push("split");
        await during.split?.(tools);
        return { output: scan, counts: {} };
      },
    });
    return [scan, trim, filter, split];
  }
}
