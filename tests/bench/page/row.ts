import { messageOf } from "../../../data/base/message_of.ts";
import type { Spread } from "../timing/measure.ts";

/** What a row measures, and whether more of it is better. */
export const UNITS = { "photos/s": "more", "GFLOP/s": "more", s: "less", ms: "less" } as const;
export type Unit = keyof typeof UNITS;

/** One line of the table: one thing, done by one contestant. */
export interface BenchRow {
  /** What is done; rows of the same work stand beside each other and are compared. */
  readonly work: string;
  /** Who did it. */
  readonly by: string;
  readonly unit: Unit;
  /** None when it failed. */
  readonly value?: Spread;
  /** Arithmetic a second, where it is counted. */
  readonly gflops?: number;
  /** Of the fastest matrix product measured on the same device in the same run. */
  readonly share?: number;
  /** How its result was compared before it was timed, or why there is no time. */
  readonly checked: string;
  readonly note?: string;
  /** Whether it failed, or computed something else than it should. */
  readonly failed?: boolean;
}

/** The contestant that the others are compared with. */
export const PYTORCH = "PyTorch";

/** A row of something that could not be timed. */
export function failedRow(work: string, by: string, unit: Unit, reason: unknown): BenchRow {
  const message = messageOf(reason);
  return { work, by, unit, checked: `failed: ${message.replace(/\s+/g, " ")}`, failed: true };
}

/** What a comparison says: the relative error, and whether it is small enough (a NaN never is). */
export function comparison(
  error: number,
  tolerance: number,
  reference: string,
): Pick<BenchRow, "checked" | "failed"> {
  if (error <= tolerance) return { checked: `${error === 0 ? "0" : error.toExponential(1)} from ${reference}` };
  return { checked: `MISMATCH: ${error.toExponential(1)} from ${reference}, over ${tolerance}`, failed: true };
}

/** How many times as good as PyTorch's on the same work a row is; none where there is no such row. */
export function timesPyTorch(row: BenchRow, rows: readonly BenchRow[]): number | undefined {
  const peer = rows.find(({ work, by }) => work === row.work && by === PYTORCH);
  if (!peer?.value || !row.value || peer === row) return undefined;
  const ratio = row.value.median / peer.value.median;
  return UNITS[row.unit] === "more" ? ratio : 1 / ratio;
}
