import type { Manifest } from "../../store/manifest.ts";
import type { Stage, StageName } from "../stage.ts";
import { NOT_RUN_YET, staleReason, type Wanted } from "./staleness.ts";

/** How a stage stands: up to date, or why it has to run. */
export interface StageState {
  readonly stage: StageName;
  readonly state: "up to date" | "out of date" | "not run";
  readonly reason: string;
  readonly manifest?: Manifest;
}

export interface RunOptions {
  /** The last stage to run; all of them otherwise. */
  readonly until?: StageName;
  /** Run this stage though nothing changed. */
  readonly force?: StageName | "all";
}

/** What is known of the stages of a run, by their names. */
export interface StageFacts {
  /** What a stage that has finished says of itself. */
  manifest(stage: StageName): Promise<Manifest | undefined>;
  /**
   * What a stage would be computed from.
   * @param willRun stages whose results are not known yet
   */
  wanted(stage: StageName, willRun: ReadonlySet<string>): Promise<Wanted>;
  /** In words, which of its files is not what it wrote, if any is. */
  changedOutput(stage: StageName): Promise<string | undefined>;
}

type PlannedStage = Pick<Stage, "name" | "needs">;

const NONE: ReadonlySet<string> = new Set();

/** Says which stages have to run and why. Runs none, writes nothing, and knows of folders and hashes by `facts` alone. */
export class Planner<Planned extends PlannedStage> {
  constructor(readonly stages: readonly Planned[], readonly facts: StageFacts) {}

  /**
   * Says of every stage whether it is up to date. A stage whose needed stage will run counts as out of date: whether
   * that stage's result changes is known only afterwards.
   */
  async states(options: RunOptions = {}): Promise<StageState[]> {
    const states: StageState[] = [];
    const willRun = new Set<string>();
    for (const { name } of this.upTo(options.until)) {
      const manifest = await this.facts.manifest(name);
      const reason = forcedReason(name, options) ?? await this.staleReason(name, manifest, willRun);
      if (reason !== undefined) willRun.add(name);
      states.push(stateOf(name, reason, manifest));
    }
    return states;
  }

  /** The stages up to one of them, without those that it does not need; all of them when none is named. */
  upTo(until: StageName | undefined): readonly Planned[] {
    if (until === undefined) return this.stages;
    const needed = new Set<string>([until]);
    for (const { name, needs } of this.stages.toReversed()) if (needed.has(name)) needs.forEach((n) => needed.add(n));
    return this.stages.filter(({ name }) => needed.has(name));
  }

  /** Why a stage has to run, in words, or `undefined` when what it left still holds. */
  async staleReason(stage: StageName, manifest: Manifest | undefined, willRun = NONE): Promise<string | undefined> {
    // What it would read from outside may not be there yet either, as the sample before it is drawn.
    if (!manifest) return NOT_RUN_YET;
    const stale = staleReason(manifest, await this.facts.wanted(stage, willRun));
    return stale ?? await this.facts.changedOutput(stage);
  }
}

/** Why a stage has to run whatever it left: the user wants it to. */
export function forcedReason(stage: StageName, { force }: RunOptions): string | undefined {
  return force === "all" || force === stage ? "asked for by --force" : undefined;
}

function stateOf(stage: StageName, reason: string | undefined, manifest: Manifest | undefined): StageState {
  if (reason === undefined) return { stage, state: "up to date", reason: "", manifest };
  return { stage, state: manifest ? "out of date" : "not run", reason, manifest };
}
