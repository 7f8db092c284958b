import type { Tensor } from "../../../../../model/tensor.ts";

/** What `RowProducts.times` gives, value by value in 64 bits. */
export function plainProducts({ shape: [count, width], data }: Tensor, columns: readonly Float64Array[]): number[][] {
  return columns.map((column) =>
    Array.from({ length: count }, (_, row) => {
      return data.subarray(row * width, (row + 1) * width).reduce((sum, x, j) => sum + x * column[j], column[width]);
    })
  );
}

/** What `RowProducts.transposed` gives, value by value in 64 bits. */
export function plainTransposed({ shape: [, width], data }: Tensor, coefficients: readonly Float64Array[]): number[][] {
  return coefficients.map((coefficient) =>
    Array.from(
      { length: width + 1 },
      (_, j) => coefficient.reduce((sum, factor, row) => sum + factor * (j < width ? data[row * width + j] : 1), 0),
    )
  );
}

/** Columns of values between -1 and 1, each another. */
export function someColumns(count: number, length: number): Float64Array[] {
  return Array.from({ length: count }, (_, k) => Float64Array.from({ length }, (_, j) => Math.sin((j + 1) * (k + 1))));
}
