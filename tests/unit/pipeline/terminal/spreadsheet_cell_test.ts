import fc from "fast-check";
import { assertEquals } from "@std/assert";
import { spreadsheetCell } from "../../../../pipeline/terminal/spreadsheet_cell.ts";

Deno.test("spreadsheetCell() puts an apostrophe before what a spreadsheet would work out", () => {
  for (const name of ["=cmd|' /C calc'!A0.jpg", "+1+1.jpg", "-2.jpg", "@SUM(1).jpg", "＝1.jpg"]) {
    assertEquals(spreadsheetCell(name), `'${name}`);
  }
});

Deno.test("spreadsheetCell() shows control characters, and leaves other names", () => {
  assertEquals(spreadsheetCell("\t=1.jpg"), "\\t=1.jpg");
  assertEquals(spreadsheetCell("\r\n=1.jpg"), "\\r\\n=1.jpg");
  for (const name of ["cat.1.jpg", "a=b.jpg", "photos/-2.jpg", "my cat.jpg"]) assertEquals(spreadsheetCell(name), name);
});

Deno.test("spreadsheetCell() never begins as a formula does", () => {
  const name = fc.tuple(fc.constantFrom("", "=", "+", "-", "@", "\t", "\r", "\n"), fc.string({ unit: "binary" }));
  fc.assert(fc.property(name.map((parts) => parts.join("")), (given) => {
    assertEquals(/^[=+\-@\t\r\n]/.test(spreadsheetCell(given)), false);
  }));
});
