import { RunKnowledge } from "../../knowledge/run_knowledge.ts";
import { RunContext } from "../../runner/run_context.ts";
import type { Config } from "../../settings/config.ts";
import { linesTo } from "../../terminal/lines_to.ts";
import { configIfThere } from "./run_plan.ts";

/** What is said on the way is for nobody. */
const SILENT = linesTo();

/** What is known of a run's photos by the settings that it has now: opened when it is first asked for. */
export class CurrentKnowledge {
  readonly #closing = new AbortController();
  #opened: { readonly settings: string; readonly context: RunContext; readonly knowledge: RunKnowledge } | undefined;
  #opening: Promise<RunKnowledge | undefined> | undefined;

  constructor(readonly out: string) {}

  /** It, or `undefined` where there is no run yet. */
  async get(): Promise<RunKnowledge | undefined> {
    // Two that ask at once are given the same.
    this.#opening ??= this.#current().finally(() => this.#opening = undefined);
    return await this.#opening;
  }

  /** Closes it; whoever asks from then on is refused. */
  async close(): Promise<void> {
    this.#closing.abort();
    // What is being opened is closed with the rest.
    await this.#opening?.catch(() => {});
    await this.#closeOpened();
  }

  async #current(): Promise<RunKnowledge | undefined> {
    this.#closing.signal.throwIfAborted();
    const config = await configIfThere(this.out);
    if (!config) return undefined;
    const settings = JSON.stringify(config);
    if (this.#opened?.settings !== settings) {
      await this.#closeOpened();
      this.#opened = { settings, ...await this.#open(config) };
    }
    return this.#opened.knowledge;
  }

  async #open(config: Config): Promise<{ context: RunContext; knowledge: RunKnowledge }> {
    const context = await RunContext.open(config, SILENT, this.#closing.signal);
    return { context, knowledge: new RunKnowledge(context) };
  }

  async #closeOpened(): Promise<void> {
    const opened = this.#opened;
    this.#opened = undefined;
    await opened?.knowledge.close();
    await opened?.context.close();
  }
}
