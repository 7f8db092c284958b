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

Deno.test("alignedTable() is as wide as it may be at most, and breaks no word that has room", () => {
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

Deno.test("alignedTable() breaks within a word that is wider than the table, after a slash where there is one", () => {
  assertEquals(
    alignedTable(["photo", "P(dog)"], [["holiday/in/the/mountains.jpg", "0.5"], ["x".repeat(15), "1"]], 20),
    [
      "photo         P(dog)",
      "holiday/in/   0.5",
      "the/",
      "mountains.jp",
      "g",
      "xxxxxxxxxxxx  1",
      "xxx",
    ].join("\n"),
  );
});

Deno.test("alignedTable() fits 80 columns whatever is in it, loses no letter and tears none apart", () => {
  const letter = fc.oneof(fc.constantFrom(..."abc/ "), fc.constant("\u{1f408}"));
  const cell = fc.string({ unit: letter, maxLength: 200 });
  const rows = fc.array(fc.tuple(cell, cell, cell), { minLength: 1, maxLength: 4 });
  fc.assert(fc.property(rows, (rows) => {
    const table = alignedTable(["photo", "P(dog)", "label"], rows, 80);
    for (const line of table.split("\n")) assert(line.length <= 80, `${line.length}: ${line}`);
    assert(table.isWellFormed());
    const letters = (text: string) => [...text.replace(/\s/g, "")].sort().join("");
    assertEquals(letters(table), letters(["photo", "P(dog)", "label", ...rows.flat()].join("")));
  }));
});

Deno.test("wrapped() breaks text between words", () => {
  assertEquals(wrapped("one two three", 7), ["one two", "three"]);
  assertEquals(wrapped("", 7), [""]);
  assertEquals(wrapped("seventeen", 3), ["seventeen"]);
});
