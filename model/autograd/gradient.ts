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
import { readersOfRows } from "./scatter_add_index.ts";
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
    const parts = operandSensitivities(value, sensitivity);
    for (const [index, operand] of operandsOf(value).entries()) {
      const part = depends.has(operand) ? parts[index]?.() : undefined;
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
 * What a value's sensitivity (the derivative of the final number with respect to it) adds to those of its operands, each
 * to be made only where it is asked for; none where the derivative is zero everywhere.
 */
function operandSensitivities(value: Value, dy: Value): readonly (() => Value)[] {
  const { operation } = value;
  switch (operation.kind) {
    case "relu":
      return [() => multiply(dy, sign(value))];
    case "exp":
      return [() => multiply(dy, value)];
    case "log":
      return [() => divide(dy, operation.x)];
    case "sqrt":
      return [() => divide(dy, add(value, value))];
    case "add":
      return [() => sumTo(dy, operation.a.shape), () => sumTo(dy, operation.b.shape)];
    case "subtract":
      return [() => sumTo(dy, operation.a.shape), () => negative(sumTo(dy, operation.b.shape))];
    case "multiply": {
      const { a, b } = operation;
      return [() => sumTo(multiply(dy, b), a.shape), () => sumTo(multiply(dy, a), b.shape)];
    }
    case "divide": {
      const { a, b } = operation;
      const quotient = divide(dy, b);
      return [() => sumTo(quotient, a.shape), () => negative(sumTo(multiply(quotient, value), b.shape))];
    }
    case "maximum": {
      const { a, b } = operation;
      const toFirst = multiply(dy, greaterOrEqual(a, b));
      return [() => sumTo(toFirst, a.shape), () => sumTo(subtract(dy, toFirst), b.shape)];
    }
    case "matMul": {
      const { a, b, transposeA, transposeB } = operation;
      const toFirst = () =>
        transposeA
          ? matMul(b, dy, { transposeA: transposeB, transposeB: true })
          : matMul(dy, b, { transposeB: !transposeB });
      const toSecond = () =>
        transposeB
          ? matMul(dy, a, { transposeA: true, transposeB: transposeA })
          : matMul(a, dy, { transposeA: !transposeA });
      return [() => sumTo(toFirst(), a.shape), () => sumTo(toSecond(), b.shape)];
    }
    case "sum":
      return [() => multiply(dy, ones(operation.x.shape))];
    case "reshape":
      return [() => reshape(dy, operation.x.shape)];
    case "transpose":
      return [() => transpose(dy, operation.permutation.map((_, axis) => operation.permutation.indexOf(axis)))];
    case "slice": {
      const { x, axis, start, end } = operation;
      const [before, after] = [start, x.shape[axis] - end].map((
        extent,
      ) => (extent > 0 ? [zeros(x.shape.with(axis, extent))] : []));
      return [() => concatenate([...before, dy, ...after], axis)];
    }
    case "concatenate": {
      const { parts, axis } = operation;
      let end = 0;
      return parts.map(({ shape }) => {
        const start = end;
        end += shape[axis];
        return () => slice(dy, axis, start, start + shape[axis]);
      });
    }
    case "gatherRows":
      return [() => gatheredSensitivity(operation.x.shape, operation.rows, dy)];
    case "sign":
    case "greaterOrEqual":
    case "detach":
    case "input":
    case "constant":
      return [];
  }
}

/** Each row's sensitivity is the sum of those of its copies. */
function gatheredSensitivity([count, columns]: Shape, gathered: Int32Array, dy: Value): Value {
  const { rows, most } = readersOfRows(gathered, count);
  const copies = gatherRows(dy, rows);
  return most === 1 ? copies : reshape(sum(reshape(copies, [count, most, columns]), [1]), [count, columns]);
}

function negative(x: Value): Value {
  return multiply(x, scalar(-1));
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
