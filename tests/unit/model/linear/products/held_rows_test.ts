import { assertEquals } from "@std/assert";
import { HeldRows } from "../../../../../model/linear/products/held_rows.ts";
import { assertEachWithin, randomProblem } from "../random_problem.ts";
import { plainProducts, plainTransposed, someColumns } from "./plain_products.ts";

function blocksAdded([first, ...others]: readonly Float64Array[][]): Float64Array[] {
  return others.reduce((total, block) => total.map((sums, k) => sums.map((sum, j) => sum + block[k][j])), first);
}

// Rows that fill no group of eight and no block, widths that fill no vector, and more columns than a kernel takes.
for (const [count, width, columns] of [[1, 1, 1], [2, 4, 5], [9, 5, 7], [1030, 3, 2], [8, 261, 11]]) {
  const of = `${count} rows of ${width} values and ${columns} columns`;

  Deno.test(`HeldRows.times() gives the products of ${of}, plus each column's bias`, () => {
    const { rows } = randomProblem(count, width);
    const factors = someColumns(columns, width + 1);
    const held = new HeldRows(rows);
    const given = held.times(factors);
    const expected = plainProducts(rows, factors);
    assertEquals(given.length, columns);
    for (const [k, column] of given.entries()) assertEachWithin(column, expected[k], 1e-6 * width);
  });

  Deno.test(`HeldRows.transposed() adds up ${of}`, () => {
    const { rows } = randomProblem(count, width);
    const coefficients = someColumns(columns, count);
    const held = new HeldRows(rows);
    const expected = plainTransposed(rows, coefficients);
    // Twice, since what is added to has to be empty again.
    for (const given of [held, held].map((again) => blocksAdded(again.transposed(coefficients)))) {
      assertEquals(given.length, columns);
      for (const [k, sums] of given.entries()) assertEachWithin(sums, expected[k], 1e-6 * Math.sqrt(count));
    }
  });
}

Deno.test("HeldRows gives a column the same bits whatever stands beside it", () => {
  const { rows } = randomProblem(37, 10);
  const held = new HeldRows(rows);
  const [first, ...others] = someColumns(6, 11);
  const [alone] = held.times([first]);
  assertEquals(held.times([...others, first]).at(-1), alone);
  const [one, ...more] = someColumns(6, 37);
  const [[sums]] = held.transposed([one]);
  assertEquals(held.transposed([...more, one])[0].at(-1), sums);
});

Deno.test("HeldRows keeps a small part beside a large one: sums of many rows are 64-bit", () => {
  const count = 5000;
  const rows = { shape: [count, 1], data: new Float32Array(count).fill(1) };
  const coefficients = Float64Array.from({ length: count }, (_, row) => row === 0 ? 2 ** 24 : 1);
  const held = new HeldRows(rows);
  const [[sum, ofCoefficients]] = blocksAdded(held.transposed([coefficients]));
  assertEquals(ofCoefficients, 2 ** 24 + count - 1);
  assertEachWithin([sum], [2 ** 24 + count - 1], 8);
});
