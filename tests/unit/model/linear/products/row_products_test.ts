import { assertEquals } from "@std/assert";
import { openRowProducts } from "../../../../../model/linear/products/row_products.ts";
import { assertEachWithin, randomProblem } from "../random_problem.ts";
import { plainProducts, plainTransposed, someColumns } from "./plain_products.ts";

// Rows that fill no group of eight and no block, widths that fill no vector, and more columns than a kernel takes.
for (const [count, width, columns] of [[1, 1, 1], [2, 4, 5], [9, 5, 7], [1030, 3, 2], [8, 261, 11]]) {
  const of = `${count} rows of ${width} values and ${columns} columns`;

  Deno.test(`RowProducts.times() gives the products of ${of}, plus each column's bias`, async () => {
    const { rows } = randomProblem(count, width);
    const factors = someColumns(columns, width + 1);
    const products = await openRowProducts(rows, 1);
    const given = await products.times(factors);
    const expected = plainProducts(rows, factors);
    assertEquals(given.length, columns);
    for (const [k, column] of given.entries()) assertEachWithin(column, expected[k], 1e-6 * width);
  });

  Deno.test(`RowProducts.transposed() adds up ${of}`, async () => {
    const { rows } = randomProblem(count, width);
    const coefficients = someColumns(columns, count);
    const products = await openRowProducts(rows, 1);
    const expected = plainTransposed(rows, coefficients);
    // Twice, since what is added to has to be empty again.
    for (const given of [await products.transposed(coefficients), await products.transposed(coefficients)]) {
      assertEquals(given.length, columns);
      for (const [k, sums] of given.entries()) assertEachWithin(sums, expected[k], 1e-6 * Math.sqrt(count));
    }
  });
}

Deno.test("RowProducts gives a column the same bits whatever stands beside it", async () => {
  const { rows } = randomProblem(37, 10);
  const products = await openRowProducts(rows, 1);
  const [first, ...others] = someColumns(6, 11);
  const [alone] = await products.times([first]);
  assertEquals((await products.times([...others, first])).at(-1), alone);
  const [one, ...more] = someColumns(6, 37);
  const [sums] = await products.transposed([one]);
  assertEquals((await products.transposed([...more, one])).at(-1), sums);
});

Deno.test("RowProducts keeps a small part beside a large one: sums of many rows are 64-bit", async () => {
  const count = 5000;
  const rows = { shape: [count, 1], data: new Float32Array(count).fill(1) };
  const coefficients = Float64Array.from({ length: count }, (_, row) => row === 0 ? 2 ** 24 : 1);
  const products = await openRowProducts(rows, 1);
  const [[sum, ofCoefficients]] = await products.transposed([coefficients]);
  assertEquals(ofCoefficients, 2 ** 24 + count - 1);
  assertEachWithin([sum], [2 ** 24 + count - 1], 8);
});
