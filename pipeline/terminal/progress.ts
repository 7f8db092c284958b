import { visible } from "./visible.ts";

/** Where progress goes, and whether a line there can be written over. */
export interface Output {
  readonly isTerminal: boolean;
  write(text: string): void;
}

/** Standard error: results go to standard output, so that they can be piped while progress is still seen. */
export const standardError: Output = {
  isTerminal: Deno.stderr.isTerminal(),
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
 * Counts a long job's items and shows rate and time left: one line written over on a terminal, else a plain line every
 * few seconds.
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
    const interval = this.output.isTerminal ? REDRAW_MILLISECONDS : PLAIN_LINE_MILLISECONDS;
    if (this.now() - this.#shown < interval || this.#done >= this.total) return;
    this.#shown = this.now();
    this.#drawn = true;
    this.output.write(this.output.isTerminal ? `\r\x1b[K${this.line()}` : `${this.line()}\n`);
  }

  /** Removes the line that is written over; plain lines stay. */
  finish(): void {
    if (this.#drawn && this.output.isTerminal) this.output.write("\r\x1b[K");
  }

  /** The line that is shown. */
  line(): string {
    const elapsed = (this.now() - this.#started) / 1000;
    const rate = this.#done / Math.max(elapsed, 1e-3);
    const left = rate > 0 ? duration((this.total - this.#done) / rate) : "?";
    return `  ${visible(this.label)}  ${this.#done} of ${this.total} ${this.unit}  ${
      rate.toPrecision(3)
    }/s  ${left} left`;
  }
}
