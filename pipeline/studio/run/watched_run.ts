import { STAGE_NAMES, type StageName } from "../../runner/stage.ts";
import type { StageState } from "../../runner/plan/planner.ts";
import { messageOf } from "../../files/user_error.ts";
import { type Manifest, STARTED_FILE } from "../../store/manifest.ts";
import { isRunHeld, stageFolder } from "../../store/run_folder.ts";
import { VerifiedFolder } from "../../store/verified_folder.ts";
import { learntEpochs } from "./learnt_epochs.ts";
import type { OwnRun } from "./own_run.ts";
import { configIfThere, planOf } from "./run_plan.ts";
import type { RunView, StageView } from "./run_view.ts";

/** What a stage's folder tells. */
interface Found {
  readonly stage: StageName;
  readonly manifest: Manifest | undefined;
  /** Whether the stage was begun and is not finished. */
  readonly begun: boolean;
}

/** A run as its folder tells of it, whoever works on it; and as this program's own run tells where that does. */
export class WatchedRun {
  readonly #own: OwnRun;
  #plan: readonly StageState[] = [];
  #planning: Promise<void> | undefined;
  /** Why the plan could not be made, for the user. */
  problem = "";

  constructor(readonly out: string, own: OwnRun) {
    this.#own = own;
  }

  /** What is to be seen now. */
  async view(): Promise<RunView> {
    const found = await Promise.all(STAGE_NAMES.map((stage) => this.#found(stage)));
    const activity = await this.#activity();
    const epochs = await Promise.all(
      (["train", "finetune"] as const).map((stage) =>
        learntEpochs(stage, stageFolder(this.out, stage), found.find((one) => one.stage === stage)?.manifest)
      ),
    );
    return {
      out: this.out,
      exists: found.some(({ manifest, begun }) => manifest !== undefined || begun),
      activity,
      stages: found.map((one) => stageView(one, activity !== "idle", this.#planned(one))),
      progress: this.#own.progress,
      lines: this.#own.lines,
      ending: this.#own.ending,
      epochs: epochs.flat(),
    };
  }

  /** Finds out anew which stages have to run and why; one question at a time. */
  async plan(): Promise<void> {
    this.#planning ??= this.#makePlan().finally(() => this.#planning = undefined);
    await this.#planning;
  }

  async #makePlan(): Promise<void> {
    try {
      const config = await configIfThere(this.out);
      this.#plan = config ? await planOf(config) : [];
      this.problem = "";
    } catch (thrown) {
      this.problem = messageOf(thrown);
    }
  }

  async #activity(): Promise<RunView["activity"]> {
    if (this.#own.state !== "idle") return this.#own.state;
    return await isRunHeld(this.out) ? "elsewhere" : "idle";
  }

  async #found(stage: StageName): Promise<Found> {
    const folder = stageFolder(this.out, stage);
    const manifest = await VerifiedFolder.open(folder, stage).then((opened) => opened?.manifest, () => undefined);
    return { stage, manifest, begun: manifest === undefined && await folder.has(STARTED_FILE) };
  }

  /** What the plan says of a stage, unless the stage has run since. */
  #planned({ stage, manifest }: Found): StageState | undefined {
    const planned = this.#plan.find((state) => state.stage === stage);
    return manifest === undefined || planned?.manifest?.started === manifest.started ? planned : undefined;
  }
}

function stageView({ stage, manifest, begun }: Found, active: boolean, planned: StageState | undefined): StageView {
  return {
    stage,
    state: stateOf({ manifest, begun }, active, planned),
    reason: planned?.reason ?? "",
    seconds: manifest?.seconds,
    counts: manifest?.counts ?? {},
    warnings: manifest?.warnings ?? [],
  };
}

function stateOf(
  { manifest, begun }: Pick<Found, "manifest" | "begun">,
  active: boolean,
  planned: StageState | undefined,
): StageView["state"] {
  if (begun) return active ? "running" : "stopped";
  const due = planned === undefined ? manifest === undefined : planned.state !== "up to date";
  if (!due) return "up to date";
  if (active) return "waiting";
  return manifest === undefined ? "not run" : "out of date";
}
