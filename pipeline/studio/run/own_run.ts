import type { ProgressFacts } from "../../terminal/progress.ts";
import type { RunEnding, RunReport, RunRequest } from "./run_messages.ts";

/** Lines that are kept of what a run said. */
const LINES_KEPT = 300;

/** The run that this program has started, at most one at a time; it goes on whoever looks. */
export class OwnRun {
  readonly #changed: () => void;
  #worker: Worker | undefined;
  #over: PromiseWithResolvers<void> | undefined;
  #stopping = false;
  #lines: string[] = [];
  progress: ProgressFacts | undefined;
  /** How the last one ended; nothing while one is under way, or none was. */
  ending: RunEnding | undefined;

  /** @param changed told whenever something is new */
  constructor(readonly out: string, changed: () => void) {
    this.#changed = changed;
  }

  get state(): "idle" | "running" | "stopping" {
    if (this.#worker === undefined) return "idle";
    return this.#stopping ? "stopping" : "running";
  }

  /** What the run has said, the latest last. */
  get lines(): readonly string[] {
    return this.#lines;
  }

  /**
   * Starts the stages that are out of date, unless they are under way.
   * @param values settings by the names of their options; what is left out stays as the run has it
   */
  start(values: ReadonlyMap<string, string> = new Map()): void {
    if (this.#worker) return;
    const worker = new Worker(new URL("./run_worker.ts", import.meta.url), { type: "module", name: "run" });
    this.#worker = worker;
    this.#over = Promise.withResolvers();
    this.#stopping = false;
    this.#lines = [];
    this.progress = undefined;
    this.ending = undefined;
    worker.onmessage = ({ data }: MessageEvent<RunReport>) => this.#told(data);
    worker.onerror = (event) => {
      event.preventDefault();
      this.#end({ how: "failed", message: `The run's worker failed: ${event.message}` });
    };
    this.#ask({ kind: "start", out: this.out, values: [...values] });
    this.#changed();
  }

  /** Asks the run to end in order; what is finished stays. */
  stop(): void {
    if (!this.#worker) return;
    this.#stopping = true;
    this.#ask({ kind: "stop" });
    this.#changed();
  }

  /** Resolves when none is under way. */
  async over(): Promise<void> {
    await this.#over?.promise;
  }

  #ask(request: RunRequest): void {
    this.#worker?.postMessage(request);
  }

  #told(report: RunReport): void {
    if (report.kind === "line") this.#lines = [...this.#lines, report.text].slice(-LINES_KEPT);
    if (report.kind === "progress") this.progress = report.facts;
    if (report.kind === "ended") return this.#end(report.ending);
    this.#changed();
  }

  #end(ending: RunEnding): void {
    this.#worker?.terminate();
    this.#worker = undefined;
    this.progress = undefined;
    this.ending = ending;
    this.#over?.resolve();
    this.#changed();
  }
}
