import { visible } from "./visible.ts";

/** The widest line of a table that is to be read on a terminal. */
export const TABLE_WIDTH = 80;

const GAP = "  ";

/**
 * Rows of text with their columns aligned, two spaces between, whatever names are in it. Each row is one line, unless a
 * width is given: then the widest columns are broken as far as is needed to fit it, between words where that does.
 */
export function alignedTable(
  headings: readonly string[],
  rows: readonly (readonly string[])[],
  width = Infinity,
): string {
  const all = [headings, ...rows].map((row) => row.map(visible));
  const widths = columnWidths(all, width);
  return all.flatMap((row) => rowLines(row, widths)).join("\n");
}

/** Text in lines of at most a width, broken between words; a longer word has a line of its own. */
export function wrapped(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const line = lines.at(-1);
    if (line !== undefined && line.length + 1 + word.length <= width) lines[lines.length - 1] = `${line} ${word}`;
    else lines.push(word);
  }
  return lines;
}

/** What a stage counted, for people: `cats 199, dogs 199`; measures with four digits. */
export function countsText(counts: Readonly<Record<string, number>>): string {
  return Object.entries(counts)
    .map(([name, count]) => `${name} ${Number.isInteger(count) ? count : count.toPrecision(4)}`)
    .join(", ");
}

/** No column gets narrower than this: what is broken into shorter pieces cannot be read. */
const LEAST_COLUMN = 12;

/**
 * As wide as the texts are; where that is too wide, the widest column gives way: as long as its longest word fits, and
 * when none is left like that, within its words.
 */
function columnWidths(rows: readonly (readonly string[])[], width: number): number[] {
  const columns = rows[0].map((_, column) => rows.map((row) => row[column]));
  const widths = columns.map((texts) => Math.max(...texts.map(({ length }) => length)));
  const longestWords = columns.map((texts) =>
    Math.max(...texts.flatMap((text) => text.split(" ")).map((w) => w.length))
  );
  const room = width - GAP.length * (widths.length - 1);
  for (const least of [longestWords, columns.map(() => LEAST_COLUMN)]) {
    for (let over = sum(widths) - room; over > 0; over--) {
      const narrowing = widths.map((width, column) => (width > least[column] ? width : 0));
      const widest = Math.max(...narrowing);
      if (widest === 0) break;
      widths[narrowing.indexOf(widest)]--;
    }
  }
  return widths;
}

/** A word in pieces of at most a width: after its slashes where they come in time. */
function pieces(word: string, width: number): string[] {
  if (word.length <= width) return [word];
  const slash = word.lastIndexOf("/", width - 1);
  const isPair = /[\uD800-\uDBFF]/.test(word[width - 1]);
  const end = slash > 0 ? slash + 1 : isPair ? width - 1 : width;
  return [word.slice(0, end), ...pieces(word.slice(end), width)];
}

function rowLines(row: readonly string[], widths: readonly number[]): string[] {
  const cells = row.map((text, column) =>
    text.length <= widths[column]
      ? [text]
      : wrapped(text, widths[column]).flatMap((line) => pieces(line, widths[column]))
  );
  const height = Math.max(1, ...cells.map(({ length }) => length));
  return Array.from(
    { length: height },
    (_, line) => cells.map((lines, column) => (lines[line] ?? "").padEnd(widths[column])).join(GAP).trimEnd(),
  );
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
