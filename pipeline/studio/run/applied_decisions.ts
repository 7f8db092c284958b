import { randomFrom } from "../../../data/random.ts";
import { compareFigures, type FiguresCompared } from "../../compared/compare_figures.ts";
import type { RunFigures } from "../../compared/run_figures.ts";
import type { CurrentKnowledge } from "./current_knowledge.ts";
import type { OwnRun } from "./own_run.ts";

/** What became of a run's figures when it was last run from here. */
export class AppliedDecisions {
  #before: RunFigures | undefined;
  compared: FiguresCompared | undefined;

  constructor(readonly knowledge: CurrentKnowledge, readonly own: OwnRun) {}

  /** Runs what is out of date, and remembers how things were. */
  async start(settings?: ReadonlyMap<string, string>): Promise<void> {
    if (this.own.state !== "idle") return;
    // A run that was stopped goes on: what it is compared with is how things were when it was started.
    this.#before = await this.#figures() ?? this.#before;
    this.compared = undefined;
    this.own.start(settings);
  }

  /** To be called when a run has ended. */
  async ended(): Promise<void> {
    const after = this.own.ending?.how === "done" ? await this.#figures() : undefined;
    if (!after) return;
    if (this.#before) this.compared = compareFigures(this.#before, after, randomFrom(0, "before and after"));
    this.#before = undefined;
  }

  async #figures(): Promise<RunFigures | undefined> {
    const knowledge = await this.knowledge.get();
    return await knowledge?.figures();
  }
}
