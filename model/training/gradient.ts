import { sizeOf } from "../tensor.ts";
import {
  add,
  concatenate,
  constant,
  divide,
  gatherRows,
  greaterOrEqual,
  matMul,
  multiply,
  reshape,
  scalar,
  sign,
  slice,
  subtract,
  sum,
  transpose,
} from "./operations.ts";
import { readersOfRows } from "./readers_of_rows.ts";
import { inOrder, operandsOf, type Shape, type Value } from "./value.ts";

/**
 * The derivatives of a number with respect to some values, as values of the same graph (reverse mode). Only what lies
 * between the number and those values is differentiated.
 * Source: Griewank and Walther, "Evaluating Derivatives", 2nd edition, SIAM 2008, section 3.2.
 * @param of has one element.
 * @returns a gradient for each of `parameters`, in their order and of their shapes.
 * @throws RangeError when `of` has more elements or does not depend on one of the parameters.
 */
export function gradients(of: Value, parameters: readonly Value[]): Value[] {
  if (sizeOf(of.shape) !== 1) throw new RangeError(`Cannot differentiate: expected one number, got [${of.shape}]`);
  const wanted = new Set(parameters);
  const order = inOrder([of]);
  const depends = new Set<Value>();
  for (const value of order) {
    const follows = value.operation.kind !== "detach" && operandsOf(value).some((operand) => depends.has(operand));
    if (wanted.has(value) || follows) depends.add(value);
  }
  const sensitivities = new Map<Value, Value>([[of, constant(of.shape, Float32Array.of(1))]]);
  for (const value of order.toReversed()) {
    const sensitivity = sensitivities.get(value);
    if (sensitivity === undefined || !depends.has(value)) continue;
    for (const [index, operand] of operandsOf(value).entries()) {
      if (!depends.has(operand)) continue;
      const part = operandSensitivity(value, index, sensitivity);
      if (part === undefined) continue;
      const before = sensitivities.get(operand);
      sensitivities.set(operand, before === undefined ? part : add(before, part));
    }
  }
  return parameters.map((parameter) => {
    const gradient = sensitivities.get(parameter);
    if (gradient === undefined) {
      throw new RangeError(
        `Cannot differentiate: expected a number that depends on every parameter, got one that does not`,
      );
    }
    return gradient;
  });
}

/**
 * What a value's sensitivity (the derivative of the final number with respect to it) adds to that of one operand;
 * `undefined` where the derivative is zero everywhere.
 */
function operandSensitivity(value: Value, index: number, dy: Value): Value | undefined {
  const { operation } = value;
  switch (operation.kind) {
    case "relu":
      return multiply(dy, sign(value));
    case "exp":
      return multiply(dy, value);
    case "log":
      return divide(dy, operation.x);
    case "sqrt":
      return divide(dy, add(value, value));
    case "add":
      return sumTo(dy, operandsOf(value)[index].shape);
    case "subtract":
      return index === 0 ? sumTo(dy, operation.a.shape) : multiply(sumTo(dy, operation.b.shape), scalar(-1));
    case "multiply": {
      const { a, b } = operation;
      return index === 0 ? sumTo(multiply(dy, b), a.shape) : sumTo(multiply(dy, a), b.shape);
    }
    case "divide": {
      const { a, b } = operation;
      const quotient = divide(dy, b);
      return index === 0 ? sumTo(quotient, a.shape) : sumTo(multiply(multiply(quotient, value), scalar(-1)), b.shape);
    }
    case "maximum": {
      const { a, b } = operation;
      const toFirst = multiply(dy, greaterOrEqual(a, b));
      return index === 0 ? sumTo(toFirst, a.shape) : sumTo(subtract(dy, toFirst), b.shape);
    }
    case "matMul": {
      const { a, b, transposeA, transposeB } = operation;
      if (index === 0) {
        const toFirst = transposeA
          ? matMul(b, dy, { transposeA: transposeB, transposeB: true })
          : matMul(dy, b, { transposeB: !transposeB });
        return sumTo(toFirst, a.shape);
      }
      const toSecond = transposeB
        ? matMul(dy, a, { transposeA: true, transposeB: transposeA })
        : matMul(a, dy, { transposeA: !transposeA });
      return sumTo(toSecond, b.shape);
    }
    case "sum":
      return multiply(dy, ones(operation.x.shape));
    case "reshape":
      return reshape(dy, operation.x.shape);
    case "transpose":
      return transpose(dy, operation.permutation.map((_, axis) => operation.permutation.indexOf(axis)));
    case "slice": {
      const { x, axis, start, end } = operation;
      const around = [start, x.shape[axis] - end].map((extent) => x.shape.with(axis, extent));
      const [before, after] = around.map((shape) => sizeOf(shape) > 0 ? [zeros(shape)] : []);
      return concatenate([...before, dy, ...after], axis);
    }
    case "concatenate": {
      const { parts, axis } = operation;
      const start = parts.slice(0, index).reduce((total, { shape }) => total + shape[axis], 0);
      return slice(dy, axis, start, start + parts[index].shape[axis]);
    }
    case "gatherRows": {
      const [count, columns] = operation.x.shape;
      const { rows, most } = readersOfRows(operation.rows, count);
      const read = gatherRows(dy, rows);
      return most === 1 ? read : reshape(sum(reshape(read, [count, most, columns]), [1]), [count, columns]);
    }
    case "sign":
    case "greaterOrEqual":
    case "detach":
    case "input":
    case "constant":
      return undefined;
  }
}

/** Undoes a broadcast: sums over the axes along which an operand of that shape was stretched. */
function sumTo(x: Value, shape: Shape): Value {
  const added = x.shape.length - shape.length;
  const axes = x.shape.flatMap((extent, axis) => (axis < added || shape[axis - added] !== extent ? [axis] : []));
  return reshape(axes.length === 0 ? x : sum(x, axes), shape);
}

function ones(shape: Shape): Value {
  return constant(shape, new Float32Array(sizeOf(shape)).fill(1));
}

function zeros(shape: Shape): Value {
  return constant(shape, new Float32Array(sizeOf(shape)));
}
