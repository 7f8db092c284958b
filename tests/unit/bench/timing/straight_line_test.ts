import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import * as fc from "fast-check";
import { lineThrough } from "../../../bench/timing/straight_line.ts";

Deno.test("lineThrough() finds the line that points lie on", () => {
  const number = fc.double({ min: 1, max: 100, noNaN: true });
  fc.assert(fc.property(number, number, (offset, slope) => {
    const line = lineThrough([500, 1000, 4000].map((x) => [x, offset + slope * x]));
    assertAlmostEquals(line.slope, slope, 1e-6);
    assertAlmostEquals(line.offset, offset, 1e-3);
    assert(line.worst < 1e-6);
  }));
});

Deno.test("lineThrough() says how far a point is off, as a share of its value", () => {
  const { offset, slope, worst } = lineThrough([[0, 10], [1, 10], [2, 40]]);
  assertEquals([offset, slope], [5, 15]);
  assertEquals(worst, 1);
});

Deno.test("lineThrough() refuses a single place", () => {
  assertThrows(() => lineThrough([[3, 1], [3, 2]]), RangeError, "Cannot draw a line: expected two places or more");
});
