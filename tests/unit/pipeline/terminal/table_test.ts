import fc from "fast-check";
import { assert, assertEquals } from "@std/assert";
import { alignedTable, wrapped } from "../../../../pipeline/terminal/table.ts";

Deno.test("alignedTable() makes each column as wide as its widest text, with no spaces at the end", () => {
  assertEquals(
    alignedTable(["stage", "state"], [["scan", "up to date"], ["transform", ""]]),
    ["stage      state", "scan       up to date", "transform"].join("\n"),
  );
});

Deno.test("alignedTable() is the headings alone without rows", () => {
  assertEquals(alignedTable(["a", "b"], []), "a  b");
});

Deno.test("alignedTable() keeps each row in one line, whatever a name holds", () => {
  assertEquals(alignedTable(["photo"], [["a\nerror: b\x1b[2J"]]), "photo\na\\nerror: b\\u001b[2J");
});

Deno.test("alignedTable() breaks the widest column between words where a width is given", () => {
  assertEquals(
    alignedTable(["stage", "why"], [["scan", "photos were added"], ["trim", "scan runs first"]], 20),
    ["stage  why", "scan   photos were", "       added", "trim   scan runs", "       first"].join("\n"),
  );
});

Deno.test("alignedTable() is as wide as it may be at most, unless a word is longer, and loses no word", () => {
  const word = fc.string({ unit: fc.constantFrom("a", "b", "c"), minLength: 1, maxLength: 9 });
  const cell = fc.array(word, { minLength: 1, maxLength: 8 }).map((words) => words.join(" "));
  const rows = fc.array(fc.tuple(cell, cell, cell), { minLength: 1, maxLength: 5 });
  fc.assert(fc.property(rows, fc.integer({ min: 31, max: 90 }), (rows, width) => {
    const table = alignedTable(["a", "b", "c"], rows, width);
    for (const line of table.split("\n")) assert(line.length <= width, `${line.length} of ${width}: ${line}`);
    const words = (text: string) => text.split(/\s+/).filter(Boolean).sort();
    assertEquals(words(table), words(["a", "b", "c", ...rows.flat()].join(" ")));
  }));
});

Deno.test("alignedTable() keeps a word whole that is wider than the table", () => {
  assertEquals(
    alignedTable(["a", "b"], [["x".repeat(30), "y z"]], 20),
    `a${" ".repeat(31)}b\n${"x".repeat(30)}  y\n${" ".repeat(32)}z`,
  );
});

Deno.test("wrapped() breaks text between words", () => {
  assertEquals(wrapped("one two three", 7), ["one two", "three"]);
  assertEquals(wrapped("", 7), [""]);
  assertEquals(wrapped("seventeen", 3), ["seventeen"]);
});
