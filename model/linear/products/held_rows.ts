import type { Tensor } from "../../tensor.ts";
import {
  COLUMNS_AT_ONCE,
  type ProductKernels,
  productKernels,
  ROWS_AT_ONCE,
  VALUES_AT_ONCE,
} from "./product_kernels.ts";

/**
 * Sums over rows are taken block by block and then added up in the blocks' order, so that they are the same numbers
 * on however many cores the blocks are.
 */
export const ROWS_A_BLOCK = 1024;

/** A page of WebAssembly's memory. */
const PAGE = 65536;

/**
 * Rows that stay in WebAssembly's memory while one matmul after another is taken with them. What they are multiplied
 * with has a last value more than they: the bias.
 */
export class HeldRows {
  readonly #memory: WebAssembly.Memory;
  readonly #count: number;
  readonly #width: number;
  /** Up to the next group of values, with zeros. */
  readonly #stride: number;
  /** What the rows are multiplied with, and what comes of it. */
  readonly #columns: Float32Array;
  readonly #sums: Float64Array;
  readonly #coefficients: Float32Array;
  readonly #parts: Float64Array;
  readonly #kernels = new Map<number, ProductKernels>();

  /** @param rows `[n, width]`; they are copied. */
  constructor({ shape: [count, width], data }: Tensor) {
    this.#count = count;
    this.#width = width;
    this.#stride = roundedUp(width, VALUES_AT_ONCE);
    const held = HeldRows.bytes([count, width]);
    const [ofRow, ofBlock] = [this.#stride, ROWS_A_BLOCK].map((length) => length * COLUMNS_AT_ONCE);
    this.#memory = new WebAssembly.Memory({ initial: Math.ceil((held + 12 * ofRow + 20 * ofBlock) / PAGE) });
    const { buffer } = this.#memory;
    this.#sums = new Float64Array(buffer, held, ofRow);
    this.#parts = new Float64Array(buffer, held + 8 * ofRow, 2 * ofBlock);
    this.#columns = new Float32Array(buffer, held + 8 * ofRow + 16 * ofBlock, ofRow);
    this.#coefficients = new Float32Array(buffer, held + 12 * ofRow + 16 * ofBlock, ofBlock);
    const rows = new Float32Array(buffer, 0, held / 4);
    if (this.#stride === width) rows.set(data);
    else {for (let row = 0; row < count; row++) {
        rows.set(data.subarray(row * width, (row + 1) * width), row * this.#stride);
      }}
  }

  /** The bytes that rows of that shape take. */
  static bytes([count, width]: readonly number[]): number {
    return 4 * roundedUp(count, ROWS_AT_ONCE) * roundedUp(width, VALUES_AT_ONCE);
  }

  /**
   * The matmul of the rows with columns, plus each column's bias.
   * @param columns each `[width + 1]`
   * @returns for each column `[n]`
   */
  times(columns: readonly Float64Array[]): Float64Array[] {
    return atOnce(columns).flatMap((some) => {
      const { times } = this.#kernelsFor(some.length);
      for (let j = 0; j < this.#width; j++) {
        for (const [k, column] of some.entries()) this.#columns[placeOf(j, k, some.length)] = column[j];
      }
      const products = some.map(() => new Float64Array(this.#count));
      for (let start = 0; start < this.#count; start += ROWS_A_BLOCK) {
        const rows = Math.min(ROWS_A_BLOCK, this.#count - start);
        times(...this.#addresses(start, rows), this.#columns.byteOffset, this.#parts.byteOffset);
        for (const [k, product] of products.entries()) {
          const bias = some[k][this.#width];
          for (let row = 0; row < rows; row++) {
            const at = 2 * (row * some.length + k);
            product[start + row] = this.#parts[at] + this.#parts[at + 1] + bias;
          }
        }
      }
      return products;
    });
  }

  /**
   * The rows of each block added up, each times its coefficient, and last the sum of the coefficients.
   * @param coefficients for each column `[n]`
   * @returns for each block and column `[width + 1]`
   */
  transposed(coefficients: readonly Float64Array[]): Float64Array[][] {
    const blocks: Float64Array[][] = [];
    for (let start = 0; start < this.#count; start += ROWS_A_BLOCK) {
      const rows = Math.min(ROWS_A_BLOCK, this.#count - start);
      blocks.push(atOnce(coefficients).flatMap((some) => this.#blockTransposed(some, start, rows)));
    }
    return blocks;
  }

  #blockTransposed(coefficients: readonly Float64Array[], start: number, rows: number): Float64Array[] {
    const { length } = coefficients;
    this.#sums.fill(0);
    // Rows past the end count nothing.
    this.#coefficients.fill(0, 0, roundedUp(rows, ROWS_AT_ONCE) * length);
    for (const [k, coefficient] of coefficients.entries()) {
      for (let row = 0; row < rows; row++) this.#coefficients[row * length + k] = coefficient[start + row];
    }
    const { transposed } = this.#kernelsFor(length);
    transposed(...this.#addresses(start, rows), this.#coefficients.byteOffset, this.#sums.byteOffset);
    return coefficients.map((coefficient, k) => {
      const sums = new Float64Array(this.#width + 1);
      for (let j = 0; j < this.#width; j++) sums[j] = this.#sums[placeOf(j, k, length)];
      for (let row = 0; row < rows; row++) sums[this.#width] += coefficient[start + row];
      return sums;
    });
  }

  /** Where some rows begin and end. */
  #addresses(start: number, rows: number): [number, number] {
    const rowBytes = 4 * this.#stride;
    return [start * rowBytes, (start + roundedUp(rows, ROWS_AT_ONCE)) * rowBytes];
  }

  #kernelsFor(columns: number): ProductKernels {
    const found = this.#kernels.get(columns) ?? productKernels(this.#stride, columns, this.#memory);
    this.#kernels.set(columns, found);
    return found;
  }
}

/** As many columns at a time as a kernel takes. */
function atOnce(columns: readonly Float64Array[]): Float64Array[][] {
  return Array.from(
    { length: Math.ceil(columns.length / COLUMNS_AT_ONCE) },
    (_, k) => columns.slice(k * COLUMNS_AT_ONCE, (k + 1) * COLUMNS_AT_ONCE),
  );
}

/** The place of value j of column k, where columns stand side by side a vector at a time. */
function placeOf(j: number, k: number, columns: number): number {
  return (Math.floor(j / VALUES_AT_ONCE) * columns + k) * VALUES_AT_ONCE + j % VALUES_AT_ONCE;
}

function roundedUp(count: number, multiple: number): number {
  return Math.ceil(count / multiple) * multiple;
}
