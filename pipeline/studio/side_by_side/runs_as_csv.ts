import { stringify } from "@std/csv/stringify";
import type { Estimate } from "../../predictions/bootstrap.ts";
import { spreadsheetCell } from "../../terminal/spreadsheet_cell.ts";
import type { MeasuredRun } from "./measured_run.ts";

/** The same table for a spreadsheet: all settings, and numbers with all their digits. */
export function runsAsCsv(runs: readonly MeasuredRun[]): string {
  const settings = [...new Set(runs.flatMap((run) => Object.keys(run.settings)))];
  const measures = ["log loss", "clipped log loss", "accuracy"];
  const headings = [
    "run",
    "kind",
    ...settings,
    "photos measured",
    ...measures.flatMap((name) => [name, `${name}, low`, `${name}, high`]),
    "seconds",
  ];
  const ends = (estimate: Estimate | undefined) =>
    estimate ? [estimate.value, estimate.low, estimate.high].map(String) : ["", "", ""];
  const rows = runs.map((run) => [
    spreadsheetCell(run.name),
    run.kind,
    ...settings.map((name) => spreadsheetCell(run.settings[name] ?? "")),
    String(run.photos ?? ""),
    ...[run.logLoss, run.clippedLogLoss, run.accuracy].flatMap(ends),
    String(run.seconds ?? ""),
  ]);
  return stringify([headings, ...rows]);
}
