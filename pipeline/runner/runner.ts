import type { Config } from "../settings/config.ts";
import { UserError } from "../files/user_error.ts";
import { RunStore } from "../store/run_store.ts";
import type { VerifiedFolder } from "../store/verified_folder.ts";
import { healing } from "./execute/healing.ts";
import { forcedReason, Planner, type RunOptions, type StageState } from "./plan/planner.ts";
import type { Run } from "./run.ts";
import type { RunContext } from "./run_context.ts";
import { runStage } from "./execute/run_stage.ts";
import type { Stage, StageName, StageRecord } from "./stage.ts";
import { StoredFacts } from "./plan/stored_facts.ts";

/** Runs the stages of one run's folder, those that are out of date, in order. */
export class Runner implements Run {
  readonly #facts: StoredFacts;
  readonly #planner: Planner<Stage>;
  /** Why each stage ran that did. */
  readonly #reasons = new Map<StageName, string>();

  constructor(
    readonly stages: readonly Stage[],
    readonly config: Config,
    readonly context: RunContext,
    readonly store: RunStore = new RunStore(context.runFolder.run, context.cache),
  ) {
    this.#facts = new StoredFacts(this);
    this.#planner = new Planner(stages, this.#facts);
  }

  /** Says of every stage whether it is up to date, and why not, without running any. */
  async states(options: RunOptions = {}): Promise<StageState[]> {
    return await this.#planner.states(options);
  }

  /** Runs what is out of date, up to the stage asked for. A damaged file of a stage is healed on the way. */
  async run(options: RunOptions = {}): Promise<StageState[]> {
    return await healing(this.context, () => this.#runOutOfDate(options));
  }

  /**
   * What a stage wrote, checked as it is read.
   * @throws UserError when it has not run.
   */
  async finished(stage: StageName): Promise<VerifiedFolder> {
    const finished = await this.store.finished(stage);
    if (finished) return finished;
    throw new UserError(
      `Cannot read stage ${stage} of ${this.config.out}: expected it to have run, got none. Run deno task stage ${stage}`,
    );
  }

  async #runOutOfDate(options: RunOptions): Promise<StageState[]> {
    const states: StageState[] = [];
    for (const stage of this.#planner.upTo(options.until)) {
      this.context.signal.throwIfAborted();
      states.push(await this.#runIfOutOfDate(stage, options));
    }
    const isUpToDate = states.every(({ state }) => state === "up to date");
    // A run on a disk that cannot be written is up to date all the same: it hashes anew the next time.
    await this.context.hashes.save().catch((thrown) => isUpToDate ? undefined : Promise.reject(thrown));
    return states;
  }

  async #runIfOutOfDate(stage: Stage, options: RunOptions): Promise<StageState> {
    const { name } = stage;
    const earlier = await this.#facts.manifest(name);
    // What ran before a damaged file was found has not to be forced a second time.
    const before = this.#reasons.get(name);
    const forced = before === undefined ? forcedReason(name, options) : undefined;
    const reason = forced ?? await this.#planner.staleReason(name, earlier);
    if (reason === undefined) {
      const state = before === undefined ? "up to date" : "out of date";
      return { stage: name, state, reason: before ?? "", manifest: earlier };
    }
    this.context.say(`${name} (${reason})`);
    this.#reasons.set(name, before ?? reason);
    const wanted = await this.#facts.wanted(name, new Set());
    const records = () => this.#recordsBefore(name);
    const left = await this.store.finished(name);
    const manifest = await runStage({ stage, wanted, earlier: left, forced: forced !== undefined, records }, this);
    return { stage: name, state: "out of date", reason, manifest };
  }

  /** What the stages before one tell of themselves. */
  async #recordsBefore(stage: StageName): Promise<StageRecord[]> {
    const records: StageRecord[] = [];
    for (const { name } of this.stages.slice(0, this.stages.findIndex((before) => before.name === stage))) {
      const manifest = await this.#facts.manifest(name);
      const reason = this.#reasons.get(name);
      if (manifest) records.push({ ...manifest, ran: reason !== undefined, reason: reason ?? "nothing changed" });
    }
    return records;
  }
}
