import { messageOf } from "../../files/user_error.ts";
import type { OwnRun } from "./own_run.ts";
import { isActive, type RunView } from "./run_view.ts";
import type { WatchedRun } from "./watched_run.ts";

/** How often the run's folder is looked at while somebody watches. */
const LOOK_MILLISECONDS = 1000;

/** What is told at once is told together. */
const TOGETHER_MILLISECONDS = 100;

/** After the last of several decisions, what follows from them is found out. */
const PLAN_MILLISECONDS = 400;

/** Tells whoever watches a run what is new in it, and looks at nothing while nobody does. */
export class RunFeed {
  readonly #watchers = new Set<(view: RunView) => void>();
  readonly #ended = new Set<() => Promise<void>>();
  #view: RunView | undefined;
  #text = "";
  #looking: Promise<unknown> | undefined;
  #timer: ReturnType<typeof setInterval> | undefined;
  #soon: ReturnType<typeof setTimeout> | undefined;
  #replanning: ReturnType<typeof setTimeout> | undefined;
  #planned = false;

  constructor(readonly own: OwnRun, readonly watched: WatchedRun) {}

  /** The run as it is now. */
  async view(): Promise<RunView> {
    if (this.#watchers.size === 0 || !this.#view) this.#view = await this.watched.view();
    return this.#view;
  }

  /** What is done whenever a run has ended, whoever ran it, before watchers are told. */
  whenEnded(work: () => Promise<void>): void {
    this.#ended.add(work);
  }

  /**
   * Calls back with how things are, and with each change until told to stop.
   * @returns what stops it
   */
  watch(watcher: (view: RunView) => void): () => void {
    this.#watchers.add(watcher);
    this.#timer ??= setInterval(() => this.look(), LOOK_MILLISECONDS);
    // The page was made a moment ago, and something may have come meanwhile.
    this.view().then(watcher);
    this.look();
    if (!this.#planned) this.replan();
    return () => {
      this.#watchers.delete(watcher);
      if (this.#watchers.size > 0) return;
      clearInterval(this.#timer);
      this.#timer = undefined;
    };
  }

  /** To be told by the own run: something is new. */
  changed(): void {
    this.#soon ??= setTimeout(() => {
      this.#soon = undefined;
      this.look();
    }, TOGETHER_MILLISECONDS);
  }

  /** Finds out anew which stages have to run, and tells of it. */
  replan(): void {
    this.#planned = true;
    this.watched.plan().then(() => this.look());
  }

  /** The same when nothing has asked for it for a moment: decisions come quickly one after another. */
  replanSoon(): void {
    clearTimeout(this.#replanning);
    this.#replanning = setTimeout(() => this.replan(), PLAN_MILLISECONDS);
  }

  /** Looks now, and tells watchers what is new. */
  look(): void {
    this.#looking ??= this.#look()
      .catch((thrown) => this.watched.problem = messageOf(thrown))
      .finally(() => this.#looking = undefined);
  }

  async #look(): Promise<void> {
    const before = this.#view;
    const view = await this.watched.view();
    this.#view = view;
    if (before && isActive(before) && !isActive(view)) {
      await this.watched.plan();
      for (const work of this.#ended) await work();
      this.#view = await this.watched.view();
    }
    const text = JSON.stringify(this.#view);
    if (text === this.#text) return;
    this.#text = text;
    for (const watcher of this.#watchers) watcher(this.#view);
  }
}
