import { assertEquals } from "@std/assert";
import { alignedTable } from "../../../../pipeline/terminal/table.ts";

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
