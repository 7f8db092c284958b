import type { Tensor } from "../../tensor.ts";

/** Rows that are read at once: each value of a column is loaded once for all of them. */
const ROWS_AT_ONCE = 4;

/**
 * The matmul of rows with columns, plus each column's last value (the bias). One pass over the rows serves all of
 * the columns, and sums are 64-bit.
 * @param rows `[n, width]`
 * @param columns each `[width + 1]`
 * @param products written: for each column `[n]`
 */
export function affineMatMul(
  { shape: [count, width], data }: Tensor,
  columns: readonly Float64Array[],
  products: readonly Float64Array[],
): void {
  for (let row = 0; row < count; row += ROWS_AT_ONCE) {
    // Past the end the last row is computed again: the same value at the same place.
    const [row1, row2, row3] = [row + 1, row + 2, row + 3].map((next) => Math.min(next, count - 1));
    const [start0, start1, start2, start3] = [row * width, row1 * width, row2 * width, row3 * width];
    for (let k = 0; k < columns.length; k++) {
      const column = columns[k];
      const bias = column[width];
      let [sum0, sum1, sum2, sum3] = [bias, bias, bias, bias];
      for (let j = 0; j < width; j++) {
        const value = column[j];
        sum0 += data[start0 + j] * value;
        sum1 += data[start1 + j] * value;
        sum2 += data[start2 + j] * value;
        sum3 += data[start3 + j] * value;
      }
      const product = products[k];
      product[row] = sum0;
      product[row1] = sum1;
      product[row2] = sum2;
      product[row3] = sum3;
    }
  }
}
