import { entryOf } from "../../../../data/base/entry_of.ts";
import { inOrder, operandsOf, type Shape, type Value } from "../../../../model/autograd/value.ts";

/** Numbers in double precision with their shape, row-major. */
export interface Numbers {
  readonly shape: Shape;
  readonly data: Float64Array;
}

/**
 * Computes values the slow and plain way, every element from its definition and in double precision: what executors and
 * gradients are checked against.
 */
export function interpretAll(
  outputs: ReadonlyMap<string, Value>,
  inputs: ReadonlyMap<string, Numbers>,
): Map<string, Numbers> {
  const computed = new Map<Value, Numbers>();
  for (const value of inOrder(outputs.values())) {
    const operands = operandsOf(value).map((operand) => entryOf(computed, operand, "an operand"));
    computed.set(value, compute(value, operands, inputs));
  }
  return new Map([...outputs].map(([name, value]) => [name, entryOf(computed, value, name)]));
}

/** Computes one value. */
export function interpret(output: Value, inputs: ReadonlyMap<string, Numbers>): Numbers {
  const [result] = interpretAll(new Map([["output", output]]), inputs).values();
  return result;
}

function compute(
  { operation, shape }: Value,
  operands: readonly Numbers[],
  inputs: ReadonlyMap<string, Numbers>,
): Numbers {
  const [a, b] = operands;
  switch (operation.kind) {
    case "input": {
      const given = inputs.get(operation.name);
      if (given?.shape.join() !== shape.join()) throw new Error(`expected ${operation.name} of [${shape}]`);
      return given;
    }
    case "constant":
      return { shape, data: Float64Array.from(operation.data) };
    case "relu":
      return each(shape, (at) => Math.max(element(a, at), 0));
    case "sign":
      return each(shape, (at) => Math.sign(element(a, at)));
    case "exp":
      return each(shape, (at) => Math.exp(element(a, at)));
    case "log":
      return each(shape, (at) => Math.log(element(a, at)));
    case "sqrt":
      return each(shape, (at) => Math.sqrt(element(a, at)));
    case "add":
      return each(shape, (at) => element(a, at) + element(b, at));
    case "subtract":
      return each(shape, (at) => element(a, at) - element(b, at));
    case "multiply":
      return each(shape, (at) => element(a, at) * element(b, at));
    case "divide":
      return each(shape, (at) => element(a, at) / element(b, at));
    case "maximum":
      return each(shape, (at) => Math.max(element(a, at), element(b, at)));
    case "greaterOrEqual":
      return each(shape, (at) => Number(element(a, at) >= element(b, at)));
    case "matMul": {
      const { transposeA, transposeB } = operation;
      const inner = a.shape[a.shape.length - (transposeA ? 2 : 1)];
      return each(shape, (at) => {
        const batch = at.slice(0, -2);
        const [row, column] = at.slice(-2);
        let total = 0;
        for (let k = 0; k < inner; k++) {
          total += element(a, [...batch, ...transposeA ? [k, row] : [row, k]]) *
            element(b, [...batch, ...transposeB ? [column, k] : [k, column]]);
        }
        return total;
      });
    }
    case "sum": {
      const sums = { shape, data: new Float64Array(sizeOf(shape)) };
      each(a.shape, (at) => sums.data[position(shape, at)] += element(a, at));
      return sums;
    }
    case "reshape":
      return { shape, data: a.data };
    case "transpose": {
      const { permutation } = operation;
      return each(shape, (at) => element(a, permutation.map((_, axis) => at[permutation.indexOf(axis)])));
    }
    case "slice":
      return each(shape, (at) => element(a, at.with(operation.axis, at[operation.axis] + operation.start)));
    case "concatenate": {
      const { axis } = operation;
      return each(shape, (at) => {
        let start = 0;
        for (const part of operands) {
          if (at[axis] < start + part.shape[axis]) return element(part, at.with(axis, at[axis] - start));
          start += part.shape[axis];
        }
        throw new Error("expected a part");
      });
    }
    case "gatherRows":
      return each(shape, ([place, column]) => {
        const row = operation.rows[place];
        return row < 0 ? operation.fill : element(a, [row, column]);
      });
    case "detach":
      return a;
  }
}

/** Every element from its indices. */
function each(shape: Shape, compute: (at: number[]) => number): Numbers {
  const data = new Float64Array(sizeOf(shape));
  for (let index = 0; index < data.length; index++) {
    let rest = index;
    const at = shape.toReversed().map((extent) => {
      const along = rest % extent;
      rest = Math.floor(rest / extent);
      return along;
    });
    data[index] = compute(at.reverse());
  }
  return { shape, data };
}

/** An element, broadcast: leading indices that are too many, and those along an extent of 1, do not count. */
function element({ shape, data }: Numbers, at: readonly number[]): number {
  return data[position(shape, at)];
}

function position(shape: Shape, at: readonly number[]): number {
  const added = at.length - shape.length;
  return shape.reduce((index, extent, axis) => index * extent + (extent === 1 ? 0 : at[axis + added]), 0);
}

function sizeOf(shape: Shape): number {
  return shape.reduce((product, extent) => product * extent, 1);
}
