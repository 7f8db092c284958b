import { stripVTControlCharacters } from "node:util";

/** What tests came to, in the order in which Deno tells it. */
const ENDS = ["passed", "failed", "ignored", "measured", "filtered out"] as const;

/** How many tests came to what, and how many steps of tests; those that none came to may be missing. */
export type Counts = Readonly<Record<string, { readonly tests: number; readonly steps: number }>>;

const SUMMARY = /^(?:ok|FAILED) \| (.* passed.* failed.*) \([^)]*\)$/;

const COUNT = /^(\d+) ([a-z ]+?)(?: \((\d+) steps?\))?$/;

/** The counts in a line with which `deno test` ends; undefined for any other line. */
export function countsIn(line: string): Counts | undefined {
  const counts = SUMMARY.exec(stripVTControlCharacters(line))?.[1].split(" | ").map((part) => COUNT.exec(part));
  if (counts === undefined) return undefined;
  const entries = counts.filter((count) => count !== null)
    .map(([, tests, end, steps = 0]) => [end, { tests: Number(tests), steps: Number(steps) }]);
  return Object.fromEntries(entries);
}

/** The counts of several runs together. */
export function sumOf(all: readonly Counts[]): Counts {
  const total = (end: string, of: "tests" | "steps") => all.reduce((sum, counts) => sum + (counts[end]?.[of] ?? 0), 0);
  return Object.fromEntries(ENDS.map((end) => [end, { tests: total(end, "tests"), steps: total(end, "steps") }]));
}

/** The line with which `deno test` would have ended. */
export function summaryLine(counts: Counts, isWell: boolean, seconds: number): string {
  const parts = ENDS.flatMap((end, k) => {
    const { tests, steps } = counts[end] ?? { tests: 0, steps: 0 };
    if (k > 1 && tests + steps === 0) return [];
    return [`${tests} ${end}${steps === 0 ? "" : ` (${steps} step${steps === 1 ? "" : "s"})`}`];
  });
  const [minutes, rest] = [Math.floor(seconds / 60), Math.round(seconds % 60)];
  return `${[isWell ? "ok" : "FAILED", ...parts].join(" | ")} (${minutes === 0 ? "" : `${minutes}m`}${rest}s)`;
}
