import { assertEquals, assertThrows } from "@std/assert";
import { assertBoxInside, wholeBox } from "../../../../data/picture/pixels.ts";

Deno.test("assertBoxInside() accepts the whole picture and its corners", () => {
  const size = { width: 4, height: 3 };
  assertEquals(wholeBox(size), { left: 0, top: 0, width: 4, height: 3 });
  assertBoxInside(wholeBox(size), size);
  assertBoxInside({ left: 3, top: 2, width: 1, height: 1 }, size);
});

Deno.test("assertBoxInside() refuses boxes that are empty, outside or not whole", () => {
  const empty = [[0, 0, 0, 3], [0, 0, 4, 0]];
  const outside = [[1, 0, 4, 3], [0, -1, 4, 3], [0, 0, 4, 4]];
  const notWhole = [[0.5, 0, 2, 2], [Number.NaN, 0, 2, 2]];
  for (const [left, top, width, height] of [...empty, ...outside, ...notWhole]) {
    const box = { left, top, width, height };
    assertThrows(() => assertBoxInside(box, { width: 4, height: 3 }), RangeError, "expected whole pixels inside 4x3");
  }
});
