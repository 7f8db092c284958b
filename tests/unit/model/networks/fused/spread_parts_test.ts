import { assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { tensor } from "../../../../../model/tensor.ts";
import { spreadParts } from "../../../../../model/networks/fused/spread_parts.ts";
import { summaryWindows } from "../../../../../model/networks/fused/summaries.ts";
import { assertEachWithin } from "../../linear/random_problem.ts";

/** Two channels of two rows and three columns. */
const MAP = tensor([1, 2, 2, 3], Float32Array.of(0, 1, 9, 2, 9, 0, 4, 0, 0, 0, 0, 4));

Deno.test("a maximum's part stands where it is first found", () => {
  assertEquals([...spreadParts(MAP, "global_max", Float64Array.of(5, -2))], [-2, 0, 5, 0, 0, 0]);
});

Deno.test("a mean's part is divided by what the positions hold", () => {
  const parts = Float64Array.of(21, -2);
  assertEquals([...spreadParts(MAP, "global_average", parts)], [-1, 1, 9, 2, 9, -1]);
});

Deno.test("a window's part stays in the window", () => {
  const windows = summaryWindows({ channels: 2, height: 2, width: 3 });
  assertEquals(windows, [
    { top: 0, left: 0, height: 2, width: 2 },
    { top: 0, left: 1, height: 2, width: 2 },
  ]);
  assertEquals([...spreadParts(MAP, "windows", Float64Array.of(12, 0, 0, 3))], [0, 1, 0, 2, 9, 3]);
});

Deno.test("all parts are placed, whatever the summary, where the map holds anything", () => {
  const extent = fc.integer({ min: 2, max: 7 });
  fc.assert(
    fc.property(
      extent,
      extent,
      fc.constantFrom("global_max", "global_average", "windows"),
      fc.nat(),
      (h, w, by, seed) => {
        const map = tensor(
          [1, 3, h, w],
          Float32Array.from({ length: 3 * h * w }, (_, k) => 0.1 + ((k * 7 + seed) % 11)),
        );
        const windows = by === "windows" ? summaryWindows({ channels: 3, height: h, width: w }).length : 1;
        const parts = Float64Array.from({ length: 3 * windows }, (_, k) => ((k * 5 + seed) % 13) - 6);
        const sum = (values: Float64Array) => values.reduce((total, value) => total + value, 0);
        assertEachWithin([sum(spreadParts(map, by, parts))], [sum(parts)], 1e-9);
      },
    ),
  );
});

Deno.test("parts of other features are refused", () => {
  assertThrows(() => spreadParts(MAP, "windows", Float64Array.of(1, 2)), RangeError, "expected 4 of them, got 2");
});
