import { type Code, wasm, type WasmFunction, wasmModule, type WasmType } from "./wasm_module.ts";

/** Columns that one call works on at most: their sums for two rows stay in the processor's registers. */
export const COLUMNS_AT_ONCE = 5;

/** The rows of a call come in groups of so many. */
export const ROWS_AT_ONCE = 8;

/** The values of a row come in groups of so many: those of a vector. */
export const VALUES_AT_ONCE = 4;

/** Rows of which sums are in registers at once. */
const SUMMED_ROWS = 2;

/** Products that are added up in 32 bits, before their sum goes to one in 64. */
const VECTORS_A_SUM = 32;

/** Bytes of a vector, of a 32-bit float, of two 64-bit ones. */
const [VECTOR, FLOAT32, FLOAT64_PAIR] = [16, 4, 16];

/** Kernels for rows of one width and for so many columns. All addresses are in bytes, all rows and factors 32-bit. */
export interface ProductKernels {
  /**
   * The matmul of rows with columns, as two parts of a 64-bit sum each.
   * @param columns those of all columns side by side, four values at a time: `[width / 4, columns, 4]`
   * @param parts written: `[rows, columns, 2]`
   */
  readonly times: (rows: number, end: number, columns: number, parts: number) => void;
  /**
   * Adds rows, each times its coefficient.
   * @param coefficients `[rows, columns]`
   * @param sums 64-bit, added to: `[width / 4, columns, 4]`
   */
  readonly transposed: (rows: number, end: number, coefficients: number, sums: number) => void;
}

/**
 * Compiles kernels: 128-bit SIMD, whose few products in a row are added up in 32 bits and their sums in 64. WebAssembly's
 * arithmetic is the same on every machine, and for a column whatever stands beside it: so are the results, to the bit.
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

/** The variables: four parameters, further addresses, then vectors. */
const [ROW, END, OPERAND, RESULT] = [0, 1, 2, 3];
const PARAMETERS = 4;
const [ROW_END, ALONG, PART_END] = [4, 5, 6];
const ADDRESSES = 3;
const FIRST_VECTOR = PARAMETERS + ADDRESSES;

function times(width: number, columns: number): WasmFunction {
  const rowBytes = width * FLOAT32;
  const [rows, all] = [SUMMED_ROWS, columns].map(upTo);
  const each = (write: (row: number, column: number) => Code) =>
    rows.flatMap((row) => all.flatMap((column) => write(row, column)));
  const sum = (row: number, column: number) => FIRST_VECTOR + row * columns + column;
  const factor = FIRST_VECTOR + SUMMED_ROWS * columns;
  const value = (row: number) => factor + 1 + row;
  const place = (row: number, column: number) => (row * columns + column) * FLOAT64_PAIR;
  const productsOfOneVector = [
    ...rows.flatMap((row) => [...wasm.get(ROW), ...wasm.load(row * rowBytes), ...wasm.set(value(row))]),
    ...all.flatMap((column) => [
      ...[...wasm.get(ALONG), ...wasm.load(column * VECTOR), ...wasm.set(factor)],
      ...rows.flatMap((row) => [
        ...wasm.get(sum(row, column)),
        ...[...wasm.get(value(row)), ...wasm.get(factor), ...wasm.multiply32],
        ...wasm.add32,
        ...wasm.set(sum(row, column)),
      ]),
    ]),
  ];
  const body = wasm.repeatWhile([
    ...each((row, column) => [...wasm.get(RESULT), ...wasm.zeros, ...wasm.store(place(row, column))]),
    ...moved(ROW, rowBytes, ROW_END),
    ...moved(OPERAND, 0, ALONG),
    ...wasm.repeatWhile([
      ...moved(ROW, VECTORS_A_SUM * VECTOR, PART_END),
      ...[...wasm.lowerOf(PART_END, ROW_END), ...wasm.set(PART_END)],
      ...each((row, column) => [...wasm.zeros, ...wasm.set(sum(row, column))]),
      ...wasm.repeatWhile([
        ...productsOfOneVector,
        ...moved(ALONG, columns * VECTOR),
        ...moved(ROW, VECTOR),
        ...isBelow(ROW, PART_END),
      ]),
      ...each((row, column) => [
        ...[...wasm.get(RESULT), ...wasm.get(RESULT), ...wasm.load(place(row, column))],
        ...[...wasm.firstTwo(sum(row, column)), ...wasm.add64, ...wasm.lastTwo(sum(row, column)), ...wasm.add64],
        ...wasm.store(place(row, column)),
      ]),
      ...isBelow(ROW, ROW_END),
    ]),
    ...moved(RESULT, place(SUMMED_ROWS, 0)),
    ...moved(ROW, (SUMMED_ROWS - 1) * rowBytes),
    ...isBelow(ROW, END),
  ]);
  return kernel("times", SUMMED_ROWS * columns + 1 + SUMMED_ROWS, body);
}

function transposed(width: number, columns: number): WasmFunction {
  const rowBytes = width * FLOAT32;
  const [rows, all] = [ROWS_AT_ONCE, columns].map(upTo);
  const value = (row: number) => FIRST_VECTOR + row;
  const sum = FIRST_VECTOR + ROWS_AT_ONCE;
  const body = wasm.repeatWhile([
    ...moved(ROW, rowBytes, ROW_END),
    ...moved(RESULT, 0, ALONG),
    ...wasm.repeatWhile([
      ...rows.flatMap((row) => [...wasm.get(ROW), ...wasm.load(row * rowBytes), ...wasm.set(value(row))]),
      ...all.flatMap((column) => [
        ...rows.flatMap((row) => [
          ...[...wasm.get(value(row)), ...wasm.get(OPERAND)],
          ...[...wasm.loadFourTimes((row * columns + column) * FLOAT32), ...wasm.multiply32],
          ...row === 0 ? [] : wasm.add32,
        ]),
        ...wasm.set(sum),
        ...[wasm.firstTwo(sum), wasm.lastTwo(sum)].flatMap((two, half) => [
          ...[...wasm.get(ALONG), ...wasm.get(ALONG), ...wasm.load((2 * column + half) * FLOAT64_PAIR)],
          ...[...two, ...wasm.add64, ...wasm.store((2 * column + half) * FLOAT64_PAIR)],
        ]),
      ]),
      ...moved(ALONG, 2 * columns * FLOAT64_PAIR),
      ...moved(ROW, VECTOR),
      ...isBelow(ROW, ROW_END),
    ]),
    ...moved(OPERAND, ROWS_AT_ONCE * columns * FLOAT32),
    ...moved(ROW, (ROWS_AT_ONCE - 1) * rowBytes),
    ...isBelow(ROW, END),
  ]);
  return kernel("transposed", ROWS_AT_ONCE + 1, body);
}

function kernel(name: string, vectors: number, body: Code): WasmFunction {
  const locals = [...new Array<WasmType>(ADDRESSES).fill("i32"), ...new Array<WasmType>(vectors).fill("v128")];
  return { name, parameters: PARAMETERS, locals, body };
}

function moved(address: number, bytes: number, into = address): Code {
  return [...wasm.get(address), ...wasm.number(bytes), ...wasm.addressAdd, ...wasm.set(into)];
}

function isBelow(address: number, end: number): Code {
  return [...wasm.get(address), ...wasm.get(end), ...wasm.isBelow];
}

function upTo(count: number): number[] {
  return Array.from({ length: count }, (_, k) => k);
}
