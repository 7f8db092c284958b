import fc from "fast-check";
import { assertEquals, assertThrows } from "@std/assert";
import { binOf, histogram } from "../../../../pipeline/predictions/histogram.ts";

Deno.test("histogram() puts an edge into the bin above it, and 1 into the last", () => {
  assertEquals(histogram([0, 0.24, 0.25, 0.5, 0.99, 1], 4), [2, 1, 1, 2]);
});

Deno.test("histogram() counts every probability once", () => {
  const probabilities = fc.array(fc.double({ min: 0, max: 1, noNaN: true }));
  fc.assert(fc.property(probabilities, fc.integer({ min: 1, max: 30 }), (given, bins) => {
    const counts = histogram(given, bins);
    assertEquals(counts.length, bins);
    assertEquals(counts.reduce((sum, count) => sum + count, 0), given.length);
  }));
});

Deno.test("binOf() refuses what is no probability", () => {
  for (const value of [NaN, -0.01, 1.01]) assertThrows(() => binOf(value, 10), RangeError, `got ${value}`);
});
