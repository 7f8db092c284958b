import { assertEquals, assertRejects } from "@std/assert";
import { openRowProducts } from "../../../../../model/linear/products/row_products.ts";
import { randomProblem } from "../../../../unit/model/linear/random_problem.ts";
import { someColumns } from "../../../../unit/model/linear/products/plain_products.ts";

Deno.test("RowProducts gives the same bits on one thread and on any number of workers", async () => {
  const [count, width] = [3 * 1024 + 5, 6];
  const { rows } = randomProblem(count, width);
  const columns = someColumns(3, width + 1);
  const coefficients = someColumns(3, count);
  const results = [];
  // Nine workers for four blocks: five would have nothing to do.
  for (const workers of [1, 2, 3, 9]) {
    const products = await openRowProducts(rows, workers);
    results.push([await products.times(columns), await products.transposed(coefficients)]);
    products.close();
  }
  for (const result of results.slice(1)) assertEquals(result, results[0]);
});

Deno.test("RowProducts refuses a question when it is closed", async () => {
  const products = await openRowProducts(randomProblem(2048, 4).rows, 2);
  products.close();
  await assertRejects(() => products.times(someColumns(1, 5)), Error, "rows by columns: it is closed");
});
