import { assert } from "@std/assert";
import fc from "fast-check";
import { addGrid, emptyGrid } from "../../../../pipeline/evidence/grid.ts";
import { assertEachWithin } from "../../model/linear/random_problem.ts";

Deno.test("addGrid() divides a cell among those that it lies over, by area", () => {
  const grid = emptyGrid(2, 3);
  addGrid(grid, { rows: 1, columns: 2, values: Float64Array.of(12, -6) });
  assertEachWithin(grid.values, [4, 1, -2, 4, 1, -2], 1e-12);
  addGrid(grid, { rows: 2, columns: 3, values: Float64Array.of(1, 0, 0, 0, 0, 0) });
  assertEachWithin(grid.values, [5, 1, -2, 4, 1, -2], 1e-12);
});

Deno.test("addGrid() keeps sums, and puts what lies in a corner into that corner", () => {
  const extent = fc.integer({ min: 1, max: 30 });
  fc.assert(
    fc.property(extent, extent, extent, extent, fc.float({ noNaN: true, min: -9, max: 9 }), (a, b, c, d, value) => {
      const values = new Float64Array(a * b);
      values[a * b - 1] = value;
      const grid = emptyGrid(c, d);
      addGrid(grid, { rows: a, columns: b, values });
      assertEachWithin([grid.values.reduce((sum, cell) => sum + cell, 0)], [value], 1e-9);
      if (value !== 0) assert(grid.values[c * d - 1] !== 0);
    }),
  );
});
