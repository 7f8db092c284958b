import { assertEquals } from "@std/assert";
import { firstLines } from "../../../../data/source/first_lines.ts";

Deno.test("firstLines() gives few lines as they are, and of many the first and their number", () => {
  const lines = Array.from({ length: 5000 }, (_, k) => `line ${k}`);
  assertEquals(firstLines(lines.slice(0, 20), "lines"), lines.slice(0, 20));
  assertEquals(firstLines(lines.slice(0, 21), "lines"), lines.slice(0, 21));
  assertEquals(firstLines(lines, "lines"), [...lines.slice(0, 20), "and 4980 more lines"]);
});
