import { affineMatMul } from "../../../../../model/linear/regression/affine_matmul.ts";
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
}
