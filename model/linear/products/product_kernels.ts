import { type Code, wasm, type WasmFunction, wasmModule } from "./wasm_module.ts";

/** Columns that one call works on at most: their sums for two rows stay in the processor's registers. */
export const COLUMNS_AT_ONCE = 5;

/** The rows of a call come in groups of so many. */
export const ROWS_AT_ONCE = 8;

/** Rows of which sums are in registers at once. */
const SUMMED_ROWS = 2;

/** The values of a row come in groups of so many. */
export const VALUES_AT_ONCE = 4;

/** Bytes of two 64-bit floats, of one, and of two 32-bit ones. */
const [PAIR, FLOAT64, FLOAT32_PAIR] = [16, 8, 8];

/** Kernels for rows of one width and for so many columns. All addresses are in bytes. */
export interface ProductKernels {
  /**
   * The matmul of rows with columns, as two halves of a sum each: of the values with even and with odd numbers.
   * @param columns pairs of values, those of all columns side by side: `[width / 2, columns, 2]`
   * @param halves written: `[rows, columns, 2]`
   */
  readonly times: (rows: number, end: number, columns: number, halves: number) => void;
  /**
   * Adds rows, each times its coefficient.
   * @param coefficients `[rows, columns]`
   * @param sums added to: `[width / 2, columns, 2]`
   */
  readonly transposed: (rows: number, end: number, coefficients: number, sums: number) => void;
}

/**
 * Compiles kernels: 128-bit SIMD on 64-bit sums of 32-bit rows. WebAssembly's arithmetic is the same on every machine
 * and for a column whatever stands beside it, so the results are the same bits everywhere.
 * @param width of a row, a multiple of `VALUES_AT_ONCE`
 */
export function productKernels(width: number, columns: number, memory: WebAssembly.Memory): ProductKernels {
  const module = new WebAssembly.Module(wasmModule([times(width, columns), transposed(width, columns)]));
  const { exports } = new WebAssembly.Instance(module, { memory: { memory } });
  return { times: kernelOf(exports, "times"), transposed: kernelOf(exports, "transposed") };
}

function kernelOf(exports: WebAssembly.Exports, name: string): (...addresses: number[]) => void {
  const kernel = exports[name];
  if (typeof kernel !== "function") throw new TypeError(`Cannot multiply: expected a kernel "${name}", got none`);
  return (...addresses) => kernel(...addresses);
}

const [ROW, END, OPERAND, RESULT, ROW_END] = [0, 1, 2, 3, 4];
const FIRST_VECTOR = 5;

function times(width: number, columns: number): WasmFunction {
  const rowBytes = 2 * FLOAT32_PAIR / 4 * width;
  const sum = (row: number, column: number) => FIRST_VECTOR + row * columns + column;
  const value = (row: number) => FIRST_VECTOR + SUMMED_ROWS * columns + row;
  const factor = FIRST_VECTOR + SUMMED_ROWS * columns + SUMMED_ROWS;
  const [rows, all, pairs] = [SUMMED_ROWS, columns, VALUES_AT_ONCE / 2].map(upTo);
  const body = [
    ...rows.flatMap((row) => all.flatMap((column) => [...wasm.zeros, ...wasm.set(sum(row, column))])),
    ...advance(ROW, rowBytes, ROW_END),
    ...rememberIn(OPERAND, factor + 1),
    ...wasm.repeatWhile([
      ...pairs.flatMap((pair) => [
        ...rows.flatMap((row) => [
          ...wasm.get(ROW),
          ...wasm.loadPair(row * rowBytes + pair * FLOAT32_PAIR),
          ...wasm.set(value(row)),
        ]),
        ...all.flatMap((column) => [
          ...wasm.get(factor + 1),
          ...wasm.load((pair * columns + column) * PAIR),
          ...wasm.set(factor),
          ...rows.flatMap((row) => [
            ...wasm.get(sum(row, column)),
            ...multiplied(wasm.get(value(row)), wasm.get(factor)),
            ...wasm.add,
            ...wasm.set(sum(row, column)),
          ]),
        ]),
      ]),
      ...advance(factor + 1, pairs.length * columns * PAIR),
      ...advance(ROW, pairs.length * FLOAT32_PAIR),
      ...isBelow(ROW, ROW_END),
    ]),
    ...rows.flatMap((row) =>
      all.flatMap((column) => [
        ...wasm.get(RESULT),
        ...wasm.get(sum(row, column)),
        ...wasm.store((row * columns + column) * PAIR),
      ])
    ),
    ...advance(RESULT, rows.length * columns * PAIR),
    ...advance(ROW, (rows.length - 1) * rowBytes),
    ...isBelow(ROW, END),
  ];
  const vectors = SUMMED_ROWS * columns + SUMMED_ROWS + 1;
  return kernel("times", [...new Array<"v128">(vectors).fill("v128"), "i32"], wasm.repeatWhile(body));
}

function transposed(width: number, columns: number): WasmFunction {
  const rowBytes = 2 * FLOAT32_PAIR / 4 * width;
  const value = (row: number) => FIRST_VECTOR + row;
  const sum = FIRST_VECTOR + ROWS_AT_ONCE;
  const [rows, all] = [ROWS_AT_ONCE, columns].map(upTo);
  const body = [
    ...advance(ROW, rowBytes, ROW_END),
    ...rememberIn(RESULT, sum + 1),
    ...wasm.repeatWhile([
      ...rows.flatMap((row) => [...wasm.get(ROW), ...wasm.loadPair(row * rowBytes), ...wasm.set(value(row))]),
      ...all.flatMap((column) => [
        ...wasm.get(sum + 1),
        ...wasm.get(sum + 1),
        ...wasm.load(column * PAIR),
        ...rows.flatMap((row) => [
          ...multiplied(wasm.get(value(row)), [
            ...wasm.get(OPERAND),
            ...wasm.loadTwice((row * columns + column) * FLOAT64),
          ]),
          ...wasm.add,
        ]),
        ...wasm.store(column * PAIR),
      ]),
      ...advance(sum + 1, columns * PAIR),
      ...advance(ROW, FLOAT32_PAIR),
      ...isBelow(ROW, ROW_END),
    ]),
    ...advance(OPERAND, rows.length * columns * FLOAT64),
    ...advance(ROW, (rows.length - 1) * rowBytes),
    ...isBelow(ROW, END),
  ];
  const locals = [...new Array<"v128">(ROWS_AT_ONCE + 1).fill("v128"), "i32" as const];
  return kernel("transposed", locals, wasm.repeatWhile(body));
}

/** A kernel whose first variable beside the parameters is an address: the end of a row. */
function kernel(name: string, locals: readonly ("i32" | "v128")[], body: Code): WasmFunction {
  return { name, parameters: ROW_END, locals: ["i32", ...locals], body };
}

function multiplied(a: Code, b: Code): Code {
  return [...a, ...b, ...wasm.multiply];
}

function advance(address: number, bytes: number, into = address): Code {
  return [...wasm.get(address), ...wasm.number(bytes), ...wasm.addressAdd, ...wasm.set(into)];
}

function rememberIn(address: number, local: number): Code {
  return [...wasm.get(address), ...wasm.set(local)];
}

function isBelow(address: number, end: number): Code {
  return [...wasm.get(address), ...wasm.get(end), ...wasm.isBelow];
}

function upTo(count: number): number[] {
  return Array.from({ length: count }, (_, k) => k);
}
