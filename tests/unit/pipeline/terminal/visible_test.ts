import fc from "fast-check";
import { assertEquals } from "@std/assert";
import { visible, visibleLines } from "../../../../pipeline/terminal/visible.ts";

Deno.test("visible() shows what would act on a terminal", () => {
  assertEquals(visible("a\nerror: b\r\t"), "a\\nerror: b\\r\\t");
  assertEquals(visible("\x1b[31m\x9b2J\x7f\0"), "\\u001b[31m\\u009b2J\\u007f\\u0000");
  assertEquals(visible("a\u202egpj.exe\u2066\u200f\u2028\ud800"), "a\\u202egpj.exe\\u2066\\u200f\\u2028\\ud800");
});

Deno.test("visible() leaves what people write", () => {
  for (const name of ["", "my cat 1.jpg", "Kätzchen.jpg", "猫.jpg", "کتاب\u200cها.jpg", "👩\u200d🦰.jpg", "a\\b.jpg"]) {
    assertEquals(visible(name), name);
  }
});

Deno.test("visible() gives one line without control characters, and nothing new the second time", () => {
  fc.assert(fc.property(fc.string({ unit: "binary" }), (text) => {
    const shown = visible(text);
    assertEquals(/[\p{Cc}\p{Bidi_Control}]/u.test(shown), false);
    assertEquals(visible(shown), shown);
  }));
});

Deno.test("visibleLines() leaves ends of lines, and JSON as it means", () => {
  assertEquals(visibleLines("a\r\nb\nc\rd\x1b"), "a\r\nb\nc\\rd\\u001b");
  fc.assert(fc.property(fc.array(fc.string({ unit: "binary" })), (names) => {
    assertEquals(JSON.parse(visibleLines(JSON.stringify({ names }, null, 2))), { names });
  }));
});
