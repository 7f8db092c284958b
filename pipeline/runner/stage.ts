import { pick } from "@std/collections/pick";
import { z } from "zod";
import type { Random } from "../../data/random.ts";
import type { PhotoSource } from "../../data/source/photo_source.ts";
import type { Backbone } from "../../model/weights/backbone.ts";
import type { Engine } from "../../model/engines/engine.ts";
import type { Config } from "../settings/config.ts";
import type { KnownFacts } from "../store/known_facts.ts";
import type { CacheFolder } from "../store/cache_folder.ts";
import type { OutputFile } from "../store/manifest.ts";
import type { FileStamp } from "../store/known_hashes.ts";
import type { Json } from "../files/hashing.ts";
import type { Progress } from "../terminal/progress.ts";
import type { ReadableFolder, StageFolder } from "../store/run_folder.ts";
import { type Setting, settingJson } from "./setting.ts";

/** The stages, in the order in which they run. */
export const STAGE_NAMES = [
  "scan",
  "trim",
  "filter",
  "split",
  "transform",
  "train",
  "rescan",
  "finetune",
  "predict",
  "report",
] as const;
/** One of them. */
export type StageName = (typeof STAGE_NAMES)[number];

/** The two folders of photos: labelled ones to learn from, and those to predict. */
export type PhotoSet = "train" | "test";

/** What stages may use besides their inputs and settings. A stage is given what it names of it, and nothing else. */
export interface StageTools {
  /** What all runs share. */
  readonly cache: CacheFolder;
  /** The stage's own folder, for arrays and pages; what a killed run left there is still there. */
  readonly folder: StageFolder;
  /** The folder of a stage that this one needs. */
  inputFolder(stage: StageName): ReadableFolder;
  /** Random numbers from the run's seed; the same purpose gives the same numbers. */
  random(purpose: string): Random;
  progress(total: number, unit: string): Progress;
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal;
  /** The engine that the user asked for, started at the first call. */
  engine(): Promise<Engine>;
  /** The backbones for photos of the recipe's sizes, read and checked at the first call. */
  backbones(): Promise<readonly Backbone[]>;
  photos(set: PhotoSet): Promise<PhotoSource>;
  /** What is known of photos by their content, so that each is decoded once for all that is told of it. */
  readonly facts: Pick<KnownFacts, "of" | "decoded" | "save">;
  /** One hash for the contents of both weights files. */
  weightsHash(): Promise<string>;
  /** A photo's or another file's content hash, computed only where its size or time changed. */
  hashOf(name: string, stamp: FileStamp, read: () => Promise<Uint8Array>): Promise<string>;
  /** The user's own file beside the stages, e.g. `review.json`. */
  readonly runFolder: StageFolder;
  /** What every stage before this one reported of itself. */
  records(): Promise<StageRecord[]>;
  /** A line for the user. */
  say(line: string): void;
  /** A line for the user that also stands in the manifest and the report. */
  warn(line: string): void;
}

export type ToolName = keyof StageTools;

/** What tells whether something outside the run changed. */
export type OutsideTool = "photos" | "hashOf" | "weightsHash" | "runFolder";
export type OutsideTools = Pick<StageTools, OutsideTool>;

/** What the manifests tell of a stage that has run. */
export interface StageRecord {
  readonly stage: string;
  readonly seconds: number;
  readonly counts: Readonly<Record<string, number>>;
  readonly details: Json;
  readonly backend: string | null;
  readonly device: string | null;
  readonly backendReason: string | null;
  /** Whether it ran just now, or an earlier result still held. */
  readonly ran: boolean;
  /** Why it ran. */
  readonly reason: string;
  readonly warnings: readonly string[];
}

/** What a stage gives: a value for the stages after it, and counts for people. */
export interface StageResult<Output> {
  readonly output: Output;
  readonly counts: Record<string, number>;
  /** What the manifest tells besides, and no later stage depends on: the epochs with their seconds. */
  readonly details?: Json;
  /** The files in the shared cache that the output is about. */
  readonly shared?: readonly OutputFile[];
}

/** A stage as it is written down: a function from checked inputs to an output, and what the runner must know of it. */
export interface StageDefinition<
  Inputs extends z.ZodRawShape,
  Output extends z.ZodType,
  Params extends Setting,
  Tool extends ToolName,
> {
  readonly name: StageName;
  /** Raised when the stage's result changes for the same inputs; older results are then out of date. */
  readonly version: number;
  /**
   * The stages it needs, each with the schema of what it reads from that stage's output. What a schema leaves out may
   * change without making the stage out of date.
   */
  readonly inputs: z.ZodObject<Inputs>;
  readonly output: Output;
  /** What it uses. Of a stage that uses an engine, another `--backend` makes the result out of date. */
  readonly tools: readonly Tool[];
  /**
   * Whether a file of its folder is one that it goes on with when it runs again: it knows by their content which parts of
   * such files still hold, and its output tells what is in them, so that later stages depend on the output alone. All
   * other files are removed before it runs.
   */
  keeps?(file: string): boolean;
  /** The settings that it reads, on which its result depends, and no others. */
  params(config: Config): Params;
  /** Content hashes of what it reads from outside the run: photos, weights, the user's review. */
  external?(config: Config, tools: Pick<StageTools, Tool & OutsideTool>): Promise<Record<string, string>>;
  run(
    inputs: z.output<z.ZodObject<Inputs>>,
    params: Params,
    tools: Pick<StageTools, Tool>,
  ): Promise<StageResult<z.input<Output>>>;
}

/** A stage as the runner sees it: inputs and output are JSON, checked on the way in and out. */
export interface Stage<Tool extends ToolName = ToolName> {
  readonly name: StageName;
  readonly version: number;
  readonly needs: readonly string[];
  readonly tools: readonly Tool[];
  keeps(file: string): boolean;
  /** What the stage reads of the output of a stage that it needs. */
  readFrom(need: string, output: unknown): unknown;
  params(config: Config): Json;
  external(config: Config, tools: Pick<StageTools, Tool & OutsideTool>): Promise<Record<string, string>>;
  run(inputs: Record<string, unknown>, config: Config, tools: Pick<StageTools, Tool>): Promise<StageResult<unknown>>;
}

/** Whether an engine computes a stage's result. */
export function usesEngine({ tools }: Pick<Stage, "tools">): boolean {
  return tools.includes("engine");
}

/**
 * Checks a stage's definition and closes over its types.
 * @throws Error when it needs a stage that does not come before it.
 */
export function defineStage<
  Inputs extends z.ZodRawShape,
  Output extends z.ZodType,
  Params extends Setting,
  Tool extends ToolName,
>(definition: StageDefinition<Inputs, Output, Params, Tool>): Stage<Tool> {
  const schemas = new Map<string, z.core.$ZodType>(Object.entries(definition.inputs.shape));
  const needs = [...schemas.keys()];
  const before: readonly string[] = STAGE_NAMES.slice(0, STAGE_NAMES.indexOf(definition.name));
  for (const need of needs) {
    if (!before.includes(need)) {
      throw new Error(
        `Cannot define stage ${definition.name}: expected its inputs among [${before.join(", ")}], got ${need}`,
      );
    }
  }
  return {
    name: definition.name,
    version: definition.version,
    needs,
    tools: definition.tools,
    keeps: (file) => definition.keeps?.(file) ?? false,
    readFrom(need, output) {
      const schema = schemas.get(need);
      if (schema) return z.parse(schema, output);
      throw new Error(`Cannot read ${need} in stage ${definition.name}: expected one of [${needs.join(", ")}]`);
    },
    params: (config) => settingJson(definition.params(config)),
    external: (config, tools) => definition.external?.(config, tools) ?? Promise.resolve({}),
    async run(inputs, config, tools) {
      const result = await definition.run(
        definition.inputs.parse(inputs),
        definition.params(config),
        pick(tools, definition.tools),
      );
      return { ...result, output: definition.output.parse(result.output) };
    },
  };
}
