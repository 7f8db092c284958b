/** Bytes of WebAssembly. */
export type Code = readonly number[];

/** The type of a parameter or a local variable. */
export type WasmType = "i32" | "v128";

const TYPES: Readonly<Record<WasmType, number>> = { i32: 0x7f, v128: 0x7b };

/**
 * The instructions that kernels are made of; each takes what is on the stack and leaves its result there.
 * Their bytes: https://webassembly.github.io/spec/core/binary/instructions.html.
 */
export const wasm = {
  get: (local: number): Code => [0x20, ...unsigned(local)],
  set: (local: number): Code => [0x21, ...unsigned(local)],
  addressAdd: [0x6a],
  /** Whether one address is below another. */
  isBelow: [0x49],
  number: (value: number): Code => [0x41, ...signed(value)],
  /** Runs a body over and over while the number that it leaves is not 0. */
  repeatWhile: (body: Code): Code => [0x03, 0x40, ...body, 0x0d, 0, 0x0b],
  /** The lower of two addresses, by variables that hold them. */
  lowerOf: (a: number, b: number): Code => {
    const both = [0x20, ...unsigned(a), 0x20, ...unsigned(b)];
    return [...both, ...both, 0x49, 0x1b];
  },
  /** Four 32-bit floats, or two 64-bit ones. */
  load: (offset: number): Code => [...simd(0x00), 4, ...unsigned(offset)],
  /** A 32-bit float, four times. */
  loadFourTimes: (offset: number): Code => [...simd(0x09), 2, ...unsigned(offset)],
  store: (offset: number): Code => [...simd(0x0b), 4, ...unsigned(offset)],
  zeros: [...simd(0x0c), ...new Array<number>(16).fill(0)],
  /** Of four 32-bit floats in a variable the first two, or the last two, as 64-bit ones. */
  firstTwo: (local: number): Code => [0x20, ...unsigned(local), ...simd(0x5f)],
  lastTwo: (local: number): Code => {
    const lanes = [8, 9, 10, 11, 12, 13, 14, 15];
    return [0x20, ...unsigned(local), 0x20, ...unsigned(local), ...simd(0x0d), ...lanes, ...lanes, ...simd(0x5f)];
  },
  add32: simd(0xe4),
  multiply32: simd(0xe6),
  add64: simd(0xf0),
} as const;

/** A function of addresses without a result. */
export interface WasmFunction {
  readonly name: string;
  readonly parameters: number;
  /** Variables beside the parameters, numbered after them. */
  readonly locals: readonly WasmType[];
  readonly body: Code;
}

/** A module of functions that work in the memory which it is given as `memory.memory`. */
export function wasmModule(functions: readonly WasmFunction[]): Uint8Array<ArrayBuffer> {
  const types = functions.map(({ parameters }) => [0x60, ...list(new Array(parameters).fill([TYPES.i32])), 0]);
  const memory = [...text("memory"), ...text("memory"), 0x02, 0x00, 0x00];
  const exported = functions.map(({ name }, k) => [...text(name), 0x00, ...unsigned(k)]);
  const bodies = functions.map(({ locals, body }) => {
    const code = [...list(locals.map((type) => [1, TYPES[type]])), ...body, 0x0b];
    return [...unsigned(code.length), ...code];
  });
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
    ...section(1, types),
    ...section(2, [memory]),
    ...section(3, functions.map((_, k) => unsigned(k))),
    ...section(7, exported),
    ...section(10, bodies),
  ]);
}

function section(id: number, items: readonly Code[]): Code {
  const content = list(items);
  return [id, ...unsigned(content.length), ...content];
}

function list(items: readonly Code[]): Code {
  return [...unsigned(items.length), ...items.flat()];
}

function text(name: string): Code {
  const bytes = new TextEncoder().encode(name);
  return [...unsigned(bytes.length), ...bytes];
}

function simd(operation: number): Code {
  return [0xfd, ...unsigned(operation)];
}

/** LEB128. */
function unsigned(value: number): Code {
  return value < 0x80 ? [value] : [value % 0x80 + 0x80, ...unsigned(Math.floor(value / 0x80))];
}

function signed(value: number): Code {
  if (value >= -0x40 && value < 0x40) return [value & 0x7f];
  return [(value & 0x7f) | 0x80, ...signed(value >> 7)];
}
