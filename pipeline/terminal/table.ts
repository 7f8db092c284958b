import { visible } from "./visible.ts";

/** Rows of text with their columns aligned, two spaces between; each row is one line, whatever names are in it. */
export function alignedTable(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  const all = [headings, ...rows].map((row) => row.map(visible));
  const widths = headings.map((_, column) => Math.max(...all.map((row) => row[column].length)));
  return all.map((row) => row.map((text, column) => text.padEnd(widths[column])).join("  ").trimEnd()).join("\n");
}

/** What a stage counted, for people: `cats 199, dogs 199`; measures with four digits. */
export function countsText(counts: Readonly<Record<string, number>>): string {
  return Object.entries(counts)
    .map(([name, count]) => `${name} ${Number.isInteger(count) ? count : count.toPrecision(4)}`)
    .join(", ");
}
