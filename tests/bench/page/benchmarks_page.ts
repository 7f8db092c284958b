import { fromFileUrl } from "@std/path";
import { readTextIfThere } from "../../../pipeline/files/text_file.ts";
import { replaceFile } from "../../../data/owned/replace_file.ts";

/** Where measured tables are kept, newest last. */
export const BENCHMARKS_PAGE = "docs/benchmarks.md";

/** Adds a table with its lines about the machine under a heading of its own, dated today. */
export async function appendTable(text: string): Promise<void> {
  const path = fromFileUrl(new URL(`../../../${BENCHMARKS_PAGE}`, import.meta.url));
  const page = await readTextIfThere(path);
  if (page === undefined) throw new Error(`Cannot add a table: expected ${BENCHMARKS_PAGE}, got none`);
  const day = new Date().toISOString().slice(0, 10);
  const number = page.split("\n").filter((line) => line.startsWith(`## ${day}`)).length + 1;
  const heading = `## ${day}${number > 1 ? `, ${number}` : ""}`;
  // Lines of a list and cells of a table may be longer than the page's: the formatter leaves them alone between these.
  const added = `${heading}\n\n<!-- deno-fmt-ignore-start -->\n\n${text.trim()}\n\n<!-- deno-fmt-ignore-end -->\n`;
  await replaceFile(path, new TextEncoder().encode(`${page.trimEnd()}\n\n${added}`));
}
