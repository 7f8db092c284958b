import { type BenchRow, timesPyTorch } from "./row.ts";

const HEADINGS = [
  "work",
  "by",
  "median",
  "lowest to highest",
  "unit",
  "x PyTorch",
  "GFLOP/s",
  "of peak",
  "runs",
  "compared before timing",
  "note",
];

/** The rows as a table in Markdown, its columns aligned; empty columns are left out. */
export function benchTable(rows: readonly BenchRow[]): string {
  const cells = rows.map((row) => cellsOf(row, rows));
  const kept = HEADINGS.flatMap((_, column) => (cells.some((row) => row[column] !== "") ? [column] : []));
  const lines = [HEADINGS, ...cells].map((row) => kept.map((column) => row[column].replaceAll("|", "\\|")));
  const widths = kept.map((_, k) => Math.max(...lines.map((line) => line[k].length)));
  const text = lines.map((line) => `| ${line.map((cell, k) => cell.padEnd(widths[k])).join(" | ")} |`);
  return [text[0], `| ${widths.map((width) => "-".repeat(width)).join(" | ")} |`, ...text.slice(1)].join("\n");
}

function cellsOf(row: BenchRow, rows: readonly BenchRow[]): string[] {
  const { work, by, unit, value, gflops, share, checked, note = "" } = row;
  const ratio = timesPyTorch(row, rows);
  return [
    work,
    by,
    value ? digits(value.median) : "-",
    value && value.runs > 1 ? `${digits(value.least)} to ${digits(value.most)}` : "",
    unit,
    ratio === undefined ? "" : ratio.toFixed(2),
    gflops === undefined ? "" : gflops.toFixed(0),
    share === undefined ? "" : `${(share * 100).toFixed(0)}%`,
    value ? String(value.runs) : "",
    checked,
    note,
  ];
}

/** Three digits that count. */
function digits(value: number): string {
  if (value === 0 || value >= 100) return value.toFixed(0);
  return value.toPrecision(3);
}
