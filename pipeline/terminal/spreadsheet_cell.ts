import { visible } from "./visible.ts";

/** What a spreadsheet takes for the start of a formula, plain or of full width. */
const FORMULA = /^[=+\-@\uff1d\uff0b\uff0d\uff20]/;

/**
 * Outside text as a cell of CSV for people: an apostrophe before a name like `=cmd|...` or `-2.jpg` keeps spreadsheets
 * from working it out, and control characters are shown as they are on the terminal.
 */
export function spreadsheetCell(text: string): string {
  const shown = visible(text);
  return FORMULA.test(shown) ? `'${shown}` : shown;
}
