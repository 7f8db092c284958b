import { assertThrows } from "@std/assert";
import fc from "fast-check";
import { CompactRows } from "../../../../model/linear/compact_rows.ts";
import { assertEachWithin } from "./random_problem.ts";

Deno.test("CompactRows gives inner products as close as 16 bits allow, at any width", () => {
  const value = fc.float({ min: -1, max: 1, noNaN: true });
  const matrix = fc.integer({ min: 1, max: 23 }).chain((width) =>
    fc.array(fc.array(value, { minLength: width, maxLength: width }), { minLength: 2, maxLength: 6 })
  );
  fc.assert(fc.property(matrix, ([query, ...rows]) => {
    const compact = new CompactRows(rows.length, query.length);
    rows.forEach((row, k) => compact.set(k, Float32Array.from(row)));
    const exact = rows.map((row) => row.reduce((sum, value, j) => sum + value * query[j], 0));
    rows.forEach((row, k) => assertEachWithin(compact.row(k), row, 1 / 60000));
    assertEachWithin(compact.products(Float32Array.from(query)), exact, query.length / 60000);
  }));
});

Deno.test("CompactRows refuses rows of another width", () => {
  const rows = new CompactRows(1, 3);
  assertThrows(() => rows.set(0, Float32Array.of(1, 2)), RangeError, "expected 3 values, got 2");
  assertThrows(() => rows.products(Float32Array.of(1, 2, 3, 4)), RangeError, "got 4");
});
