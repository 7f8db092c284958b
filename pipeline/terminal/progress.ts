import { visible } from "./visible.ts";

/** Where progress goes, and whether a line there can be written over. */
export interface Output {
  readonly isTerminal: boolean;
  /** How wide the terminal is now, in characters; 0 where it does not know. */
  columns?(): number;
  write(text: string): void;
  /** Where progress is shown otherwise than as text: told how a job stands, and nothing when it is over. */
  progressed?(facts: ProgressFacts | undefined): void;
}

/** How a long job stands. */
export interface ProgressFacts {
  /** What is going on, such as `transform`. */
  readonly label: string;
  /** What is done of it. */
  readonly done: number;
  /** What there is to do in all. */
  readonly total: number;
  /** What is counted, in the plural. */
  readonly unit: string;
  /** What was done a second so far. */
  readonly perSecond: number;
  /** Unknown as long as nothing is done. */
  readonly secondsLeft: number | undefined;
}

const USUAL_COLUMNS = 80;

/** Standard error: results go to standard output, so that they can be piped while progress is still seen. */
export const standardError: Output = {
  isTerminal: Deno.stderr.isTerminal(),
  columns() {
    try {
      return Deno.consoleSize().columns;
    } catch {
      return 0;
    }
  },
  write(text) {
    const bytes = new TextEncoder().encode(text);
    try {
      for (let at = 0; at < bytes.length;) at += Deno.stderr.writeSync(bytes.subarray(at));
    } catch {
      // Nobody sees it any more, and there is nowhere to say so: the work goes on.
    }
  },
};

/** Says one line, in which names from outside do nothing to the terminal. */
export function sayLine(output: Output, line: string): void {
  output.write(`${visible(line)}\n`);
}

const REDRAW_MILLISECONDS = 200;
const PLAIN_LINE_MILLISECONDS = 5000;

/** A longer bar tells no more, and a shorter one little. */
const LONGEST_BAR = 30;
const SHORTEST_BAR = 5;

/** Seconds as people say them: `0.4s`, `12s`, `3m 05s`, `2h 07m`. Below 0, as a clock set back once gave, there is nothing. */
export function duration(given: number): string {
  const seconds = Math.max(given, 0);
  if (seconds < 9.95) return `${seconds.toFixed(1)}s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole}s`;
  const two = (value: number) => String(value).padStart(2, "0");
  if (whole < 3600) return `${Math.floor(whole / 60)}m ${two(whole % 60)}s`;
  const minutes = Math.round(whole / 60);
  return `${Math.floor(minutes / 60)}h ${two(minutes % 60)}m`;
}

/**
 * Counts a long job's items and shows rate and time left: on a terminal one line with a bar, written over; else a plain
 * line every few seconds.
 */
export class Progress {
  #done = 0;
  #started: number;
  #shown: number;
  #drawn = false;

  /**
   * @param label what is going on, e.g. `transform`
   * @param total items in all
   * @param unit what is counted, in the plural, e.g. `photos`
   * @param now a clock that never goes back, in milliseconds
   */
  constructor(
    readonly label: string,
    readonly total: number,
    readonly unit: string,
    readonly output: Output,
    readonly now: () => number = () => performance.now(),
  ) {
    this.#started = this.#shown = this.now();
  }

  advance(count = 1): void {
    this.#done += count;
    const isDrawn = this.output.isTerminal || this.output.progressed !== undefined;
    const interval = isDrawn ? REDRAW_MILLISECONDS : PLAIN_LINE_MILLISECONDS;
    if (this.now() - this.#shown < interval || this.#done >= this.total) return;
    this.#shown = this.now();
    if (this.output.progressed) return this.output.progressed(this.facts());
    this.#drawn = true;
    this.output.write(this.output.isTerminal ? `\r\x1b[K${this.barLine()}` : `${this.line()}\n`);
  }

  /** Removes the line that is written over; plain lines stay. */
  finish(): void {
    this.output.progressed?.(undefined);
    if (this.#drawn && this.output.isTerminal) this.output.write("\r\x1b[K");
  }

  /** How the job stands now. */
  facts(): ProgressFacts {
    const elapsed = (this.now() - this.#started) / 1000;
    const perSecond = this.#done / Math.max(elapsed, 1e-3);
    return {
      label: this.label,
      done: this.#done,
      total: this.total,
      unit: this.unit,
      perSecond,
      secondsLeft: perSecond > 0 ? (this.total - this.#done) / perSecond : undefined,
    };
  }

  /** The line that is shown where nothing is written over. */
  line(): string {
    return this.#told().join("  ");
  }

  /** The line that is shown on a terminal: with a bar as long as there is room for, and never wider than the terminal. */
  barLine(): string {
    // The last column stays free: some terminals go on to the next line when it is filled.
    const columns = (this.output.columns?.() || USUAL_COLUMNS) - 1;
    const [label, ...told] = this.#told();
    const room = columns - [label, "", ...told].join("  ").length - "[]".length;
    const bar = room < SHORTEST_BAR ? [] : [progressBar(this.#done / this.total, Math.min(room, LONGEST_BAR))];
    return [label, ...bar, ...told].join("  ").slice(0, Math.max(columns, 0));
  }

  /** What is going on, how far it has come, how fast, and for how long. */
  #told(): string[] {
    const { label, done, total, unit, perSecond, secondsLeft } = this.facts();
    return [
      `  ${visible(label)}`,
      `${done} of ${total} ${unit}`,
      `${perSecond.toPrecision(3)}/s`,
      `${secondsLeft === undefined ? "?" : duration(secondsLeft)} left`,
    ];
  }
}

/** `[######--------------]`: as much of it filled as is done. */
function progressBar(share: number, length: number): string {
  const filled = Math.floor(Math.min(Math.max(share, 0), 1) * length);
  return `[${"#".repeat(filled)}${"-".repeat(length - filled)}]`;
}
