import type { EpochSummary } from "../../report/report_data.ts";
import type { StageName } from "../../runner/stage.ts";
import type { ProgressFacts } from "../../terminal/progress.ts";
import type { RunEnding } from "./run_messages.ts";

/** A stage as the page shows it. */
export interface StageView {
  readonly stage: StageName;
  /** `stopped`: it was begun and goes on when the run does. */
  readonly state: "up to date" | "running" | "stopped" | "waiting" | "out of date" | "not run";
  /** Why it has to run; empty where it has not, or it is not known yet. */
  readonly reason: string;
  /** How long it took when it last ran. */
  readonly seconds: number | undefined;
  readonly counts: Readonly<Record<string, number>>;
  readonly warnings: readonly string[];
}

/** A run at one moment. */
export interface RunView {
  /** Its folder. */
  readonly out: string;
  /** Whether there is anything in its folder yet. */
  readonly exists: boolean;
  /** `elsewhere`: another program is at work on it. */
  readonly activity: "idle" | "running" | "stopping" | "elsewhere";
  readonly stages: readonly StageView[];
  /** How the job under way stands, where this program runs it. */
  readonly progress: ProgressFacts | undefined;
  /** What the run has said, where this program runs it. */
  readonly lines: readonly string[];
  readonly ending: RunEnding | undefined;
  /** Of a training in epochs, those that are over. */
  readonly epochs: readonly EpochSummary[];
}

/** Whether stages are under way. */
export function isActive({ activity }: Pick<RunView, "activity">): boolean {
  return activity !== "idle";
}

/** Whether all that was asked of the run is done. */
export function isFinished({ stages }: Pick<RunView, "stages">): boolean {
  return stages.every(({ state }) => state === "up to date");
}
