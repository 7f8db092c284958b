import { affineMatMul, affineMatMulTransposed } from "../../../../../model/linear/regression/affine_matmul.ts";
import { assertEachWithin, randomProblem } from "../random_problem.ts";

const WIDTH = 5;

for (const count of [1, 2, 3, 4, 9]) {
  const { rows } = randomProblem(count, WIDTH);
  const row = (k: number) => rows.data.subarray(k * WIDTH, (k + 1) * WIDTH);

  Deno.test(`affineMatMul() gives ${count} rows their products with each column, plus its bias`, () => {
    const columns = [Float64Array.of(1, -2, 3, 0, 0.5, 10), Float64Array.of(0, 0, 0, 0, 1, -1)];
    const products = columns.map(() => new Float64Array(count).fill(NaN));
    affineMatMul(rows, columns, products);
    for (const [k, column] of columns.entries()) {
      const expected = Array.from(
        { length: count },
        (_, n) => row(n).reduce((sum, value, j) => sum + value * column[j], column[WIDTH]),
      );
      assertEachWithin(products[k], expected, 1e-12);
    }
  });

  Deno.test(`affineMatMulTransposed() adds ${count} rows up by their coefficients, and the coefficients`, () => {
    const coefficients = [1, -3].map((factor) => Float64Array.from({ length: count }, (_, n) => factor * (n + 1)));
    const sums = coefficients.map(() => new Float64Array(WIDTH + 1).fill(NaN));
    affineMatMulTransposed(rows, coefficients, sums);
    for (const [k, coefficient] of coefficients.entries()) {
      const expected = Array.from(
        { length: WIDTH + 1 },
        (_, j) => coefficient.reduce((sum, factor, n) => sum + factor * (j < WIDTH ? row(n)[j] : 1), 0),
      );
      assertEachWithin(sums[k], expected, 1e-12);
    }
  });
}
