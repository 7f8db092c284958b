import { sizeOf } from "../tensor.ts";
import type { BinaryKind, Shape, Value } from "./value.ts";

/** A tensor that every run of the graph is given. */
export function input(name: string, shape: Shape): Value {
  return { operation: { kind: "input", name }, shape };
}

/**
 * A tensor that stays the same.
 * @throws RangeError when the data is not as long as the shape says.
 */
export function constant(shape: Shape, data: Float32Array): Value {
  if (data.length !== sizeOf(shape)) {
    throw mismatch("make a constant", `${sizeOf(shape)} values for [${shape}]`, `${data.length}`);
  }
  return { operation: { kind: "constant", data }, shape };
}

/** A number, which broadcasts to any shape. */
export function scalar(value: number): Value {
  return constant([], Float32Array.of(value));
}

export function relu(x: Value): Value {
  return { operation: { kind: "relu", x }, shape: x.shape };
}

/** 1, 0 or -1. Its derivative is taken as zero. */
export function sign(x: Value): Value {
  return { operation: { kind: "sign", x }, shape: x.shape };
}

export function exp(x: Value): Value {
  return { operation: { kind: "exp", x }, shape: x.shape };
}

export function log(x: Value): Value {
  return { operation: { kind: "log", x }, shape: x.shape };
}

export function sqrt(x: Value): Value {
  return { operation: { kind: "sqrt", x }, shape: x.shape };
}

export function add(a: Value, b: Value): Value {
  return binary("add", a, b);
}

export function subtract(a: Value, b: Value): Value {
  return binary("subtract", a, b);
}

export function multiply(a: Value, b: Value): Value {
  return binary("multiply", a, b);
}

export function divide(a: Value, b: Value): Value {
  return binary("divide", a, b);
}

/** The larger one; of equal ones the gradient goes to `a`. */
export function maximum(a: Value, b: Value): Value {
  return binary("maximum", a, b);
}

/** 1 where `a >= b`, else 0. Its derivative is zero. */
export function greaterOrEqual(a: Value, b: Value): Value {
  return binary("greaterOrEqual", a, b);
}

function binary(kind: BinaryKind, a: Value, b: Value): Value {
  return { operation: { kind, a, b }, shape: broadcastShape(kind, a.shape, b.shape) };
}

/**
 * The shape of an elementwise result: shapes are aligned at their last axes, and an extent of 1 stretches.
 * @throws RangeError when extents differ and neither is 1.
 */
function broadcastShape(kind: string, a: Shape, b: Shape): Shape {
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, axis) => {
    const [left, right] = [a, b].map((shape) => shape[axis - rank + shape.length] ?? 1);
    if (left !== right && left !== 1 && right !== 1) {
      throw mismatch(kind, `shapes that broadcast`, `[${a}] and [${b}]`);
    }
    return Math.max(left, right);
  });
}

/**
 * The matrix product over the last two axes; one of the operands may be a single matrix where the other is a batch.
 * @throws RangeError when the inner extents or the batches differ.
 */
export function matMul(a: Value, b: Value, { transposeA = false, transposeB = false } = {}): Value {
  const [rows, inner] = matrixOf(a, transposeA);
  const [otherInner, columns] = matrixOf(b, transposeB);
  const [batchA, batchB] = [a.shape.slice(0, -2), b.shape.slice(0, -2)];
  const batch = batchA.length > 0 ? batchA : batchB;
  const sameBatch = batchA.length === 0 || batchB.length === 0 || batchA.join() === batchB.join();
  if (inner !== otherInner || !sameBatch) {
    throw mismatch("matMul", "inner extents and batches that fit", `[${a.shape}] and [${b.shape}]`);
  }
  return { operation: { kind: "matMul", a, b, transposeA, transposeB }, shape: [...batch, rows, columns] };
}

/** The last two extents, as the product sees them. */
function matrixOf({ shape }: Value, transposed: boolean): [rows: number, columns: number] {
  const [rows, columns] = shape.slice(-2);
  if (columns === undefined) throw mismatch("matMul", "matrices", `[${shape}]`);
  return transposed ? [columns, rows] : [rows, columns];
}

/** The sum over some axes, which stay with an extent of 1. */
export function sum(x: Value, axes: readonly number[]): Value {
  checkAxes("sum", x, axes);
  const shape = x.shape.map((extent, axis) => (axes.includes(axis) ? 1 : extent));
  return { operation: { kind: "sum", x, axes }, shape };
}

/** The mean over some axes, which stay with an extent of 1. */
export function mean(x: Value, axes: readonly number[]): Value {
  return multiply(sum(x, axes), scalar(1 / axes.reduce((count, axis) => count * x.shape[axis], 1)));
}

/** The same numbers in the same order under another shape; `x` itself where the shape is its own. */
export function reshape(x: Value, shape: Shape): Value {
  if (sizeOf(shape) !== sizeOf(x.shape)) throw mismatch("reshape", `${sizeOf(x.shape)} elements`, `[${shape}]`);
  return shape.join() === x.shape.join() ? x : { operation: { kind: "reshape", x }, shape };
}

/** The axes in another order: axis `k` of the result is axis `permutation[k]` of `x`. */
export function transpose(x: Value, permutation: readonly number[]): Value {
  checkAxes("transpose", x, permutation);
  if (permutation.length !== x.shape.length) throw mismatch("transpose", "all axes", `[${permutation}]`);
  return { operation: { kind: "transpose", x, permutation }, shape: permutation.map((axis) => x.shape[axis]) };
}

/** The part from `start` up to, but without, `end` on one axis. */
export function slice(x: Value, axis: number, start: number, end: number): Value {
  checkAxes("slice", x, [axis]);
  const extent = x.shape[axis];
  if (!(0 <= start && start < end && end <= extent)) {
    throw mismatch("slice", `a part of 0 to ${extent}`, `${start} to ${end}`);
  }
  return { operation: { kind: "slice", x, axis, start, end }, shape: x.shape.with(axis, end - start) };
}

/** Values side by side on one axis; the only part itself where there is only one. */
export function concatenate(parts: readonly Value[], axis: number): Value {
  const [first] = parts;
  if (first === undefined) throw mismatch("concatenate", "at least one part", "none");
  checkAxes("concatenate", first, [axis]);
  for (const { shape } of parts) {
    if (shape.length !== first.shape.length || shape.with(axis, 0).join() !== first.shape.with(axis, 0).join()) {
      throw mismatch("concatenate", `parts that differ on axis ${axis} alone`, `[${first.shape}] and [${shape}]`);
    }
  }
  if (parts.length === 1) return first;
  const extent = parts.reduce((total, { shape }) => total + shape[axis], 0);
  return { operation: { kind: "concatenate", parts, axis }, shape: first.shape.with(axis, extent) };
}

/**
 * Rows of a matrix in the order of a list that does not change, any number of times each: what pads, strides and slides
 * windows over pixels that are rows.
 * @param rows row numbers; -1 stands for a row that holds `fill` everywhere.
 */
export function gatherRows(x: Value, rows: Int32Array, fill = 0): Value {
  const [count, columns] = x.shape;
  if (x.shape.length !== 2) throw mismatch("gatherRows", "a matrix", `[${x.shape}]`);
  const stray = rows.find((row) => row < -1 || row >= count);
  if (stray !== undefined) throw mismatch("gatherRows", `row numbers from -1 to ${count - 1}`, `${stray}`);
  return { operation: { kind: "gatherRows", x, rows, fill }, shape: [rows.length, columns] };
}

/** The same numbers, held constant when gradients are taken. */
export function detach(x: Value): Value {
  return { operation: { kind: "detach", x }, shape: x.shape };
}

function checkAxes(kind: string, { shape }: Value, axes: readonly number[]): void {
  const known = axes.every((axis) => Number.isInteger(axis) && axis >= 0 && axis < shape.length);
  if (!known || new Set(axes).size !== axes.length) {
    throw mismatch(kind, `different axes of [${shape}]`, `[${axes}]`);
  }
}

function mismatch(verb: string, expected: string, got: string): RangeError {
  return new RangeError(`Cannot ${verb}: expected ${expected}, got ${got}`);
}
