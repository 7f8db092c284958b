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

/**
 * The transpose of `affineMatMul`: for each column the sum of the rows, each times its coefficient, and last the sum
 * of the coefficients.
 * @param rows `[n, width]`
 * @param coefficients for each column `[n]`
 * @param sums written: each `[width + 1]`
 */
export function affineMatMulTransposed(
  { shape: [count, width], data }: Tensor,
  coefficients: readonly Float64Array[],
  sums: readonly Float64Array[],
): void {
  for (const sum of sums) sum.fill(0);
  for (let row = 0; row < count; row += ROWS_AT_ONCE) {
    // Past the end the last row is read again and counts nothing.
    const [row1, row2, row3] = [row + 1, row + 2, row + 3].map((next) => Math.min(next, count - 1));
    const [start0, start1, start2, start3] = [row * width, row1 * width, row2 * width, row3 * width];
    for (let k = 0; k < coefficients.length; k++) {
      const coefficient = coefficients[k];
      const factor0 = coefficient[row];
      const factor1 = row + 1 < count ? coefficient[row1] : 0;
      const factor2 = row + 2 < count ? coefficient[row2] : 0;
      const factor3 = row + 3 < count ? coefficient[row3] : 0;
      const sum = sums[k];
      for (let j = 0; j < width; j++) {
        sum[j] += data[start0 + j] * factor0 + data[start1 + j] * factor1 + data[start2 + j] * factor2 +
          data[start3 + j] * factor3;
      }
      sum[width] += factor0 + factor1 + factor2 + factor3;
    }
  }
}
