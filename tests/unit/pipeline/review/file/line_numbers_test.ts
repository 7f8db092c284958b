import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { LineNumbers } from "../../../../../pipeline/review/file/line_numbers.ts";

Deno.test("a place is on the line that counting to it gives", () => {
  const text = fc.array(fc.constantFrom("a", "\n", "\r\n", "é")).map((parts) => parts.join(""));
  fc.assert(
    fc.property(text, (text) => {
      const lines = new LineNumbers(text);
      for (let offset = 0; offset <= text.length; offset++) {
        assertEquals(lines.at(offset), text.slice(0, offset).split("\n").length);
      }
    }),
  );
});
