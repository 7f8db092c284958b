import fc from "fast-check";
import {
  add,
  concatenate,
  constant,
  detach,
  divide,
  exp,
  gatherRows,
  greaterOrEqual,
  input,
  log,
  matMul,
  maximum,
  multiply,
  relu,
  reshape,
  scalar,
  sign,
  slice,
  sqrt,
  subtract,
  sum,
  transpose,
} from "../../../../model/autograd/operations.ts";
import { operandsOf, type Shape, type Value } from "../../../../model/autograd/value.ts";
import { sizeOf } from "../../../../model/tensor.ts";
import { wave } from "../../../integration/model/engines/awkward_network.ts";
import type { Numbers } from "./reference_interpreter.ts";

/** A graph over named tensors, and what these hold. */
export interface RandomGraph {
  readonly results: ReadonlyMap<string, Value>;
  readonly nextState: ReadonlyMap<string, Value>;
  readonly inputs: ReadonlyMap<string, Numbers>;
}

/** One operation to be added: which, on what, and with what parameter. */
type Instruction = readonly [operation: number, x: number, y: number, parameter: number];

/** Makes a value of two others of a graph; nothing where their shapes do not fit. */
type Maker = (x: Value, y: Value, parameter: number) => Value | undefined;

/** Functions of numbers of any size are kept from growing without end. */
const positive = (x: Value) => add(multiply(x, x), scalar(0.5));
const small = (x: Value) => divide(x, sqrt(positive(x)));

const MAKERS: readonly Maker[] = [
  (x) => relu(x),
  // Steps are taken of inputs alone: elsewhere rounding could take them to the other side.
  (x) => (x.operation.kind === "input" ? sign(x) : undefined),
  (x, y) => (x.operation.kind === "input" && y.operation.kind === "input" ? fitting(greaterOrEqual, x, y) : undefined),
  (x) => exp(small(x)),
  (x) => log(positive(x)),
  (x) => sqrt(positive(x)),
  (x, y) => fitting(add, x, y),
  (x, y) => fitting(subtract, x, y),
  (x, y) => fitting(multiply, x, small(y)),
  (x, y) => fitting((a, b) => divide(a, positive(b)), x, y),
  (x, y) => fitting(maximum, x, y),
  (x) => multiply(constant([1, 1], Float32Array.of(1)), x),
  (x, y, parameter) => {
    const [transposeA, transposeB] = [(parameter & 1) === 1, (parameter & 2) === 2];
    const product = (a: Value, b: Value) => matMul(a, b, { transposeA, transposeB });
    const withItself = (a: Value) => matMul(a, a, { transposeA, transposeB: !transposeA });
    return fitting(product, x, y) ?? fitting(product, y, x) ?? fitting(withItself, x);
  },
  (x, _, parameter) => sum(x, x.shape.flatMap((_, axis) => (parameter & (1 << axis) ? [axis] : []))),
  (x, _, parameter) => reshape(x, parameter & 1 ? [sizeOf(x.shape)] : [1, ...x.shape.toReversed()]),
  (x, _, parameter) => {
    const axes = x.shape.map((_, axis) => axis);
    return transpose(x, parameter & 1 ? axes.toReversed() : [...axes.slice(1), ...axes.slice(0, 1)]);
  },
  (x, _, parameter) => {
    const axis = parameter % Math.max(1, x.shape.length);
    const extent = x.shape[axis] ?? 1;
    const start = parameter % extent;
    return extent < 2 ? undefined : slice(x, axis, start, parameter & 1 ? extent : start + 1);
  },
  (x, y, parameter) => fitting((a, b) => concatenate([a, b, a], parameter % a.shape.length), x, y),
  (x, _, parameter) => {
    if (x.shape.length !== 2) return undefined;
    const rows = Int32Array.from({ length: 1 + parameter % 6 }, (_, k) => (k * 7 + parameter) % (x.shape[0] + 1) - 1);
    return gatherRows(x, rows, parameter % 3);
  },
  (x) => detach(x),
];

function fitting<Operands extends readonly Value[]>(
  make: (...operands: Operands) => Value,
  ...operands: Operands
): Value | undefined {
  try {
    return make(...operands);
  } catch {
    return undefined;
  }
}

/** No value has more elements: the interpreter computes each from its definition. */
const MOST_ELEMENTS = 4096;

/** Graphs of any operations over awkward shapes; a state of two tensors becomes anything of its shape, each other too. */
export function randomGraphs(operations = 24): fc.Arbitrary<RandomGraph> {
  const instruction = fc.tuple(fc.nat(MAKERS.length - 1), fc.nat(99), fc.nat(99), fc.nat(99));
  const extent = fc.constantFrom(1, 2, 3, 3, 5, 7);
  const instructions = fc.array(instruction, { minLength: 1, maxLength: operations });
  return fc.tuple(extent, extent, instructions, fc.nat(99), fc.nat(99)).map(([rows, columns, list, first, second]) =>
    buildGraph(rows, columns, list, [first, second])
  );
}

function buildGraph(
  rows: number,
  columns: number,
  instructions: readonly Instruction[],
  [first, second]: readonly [number, number],
): RandomGraph {
  const shapes: Record<string, Shape> = {
    state: [rows, columns],
    other: [rows, columns],
    row: [columns],
    column: [rows, 1],
    number: [],
    batch: [2, columns, rows],
  };
  const values = Object.entries(shapes).map(([name, shape]) => input(name, shape));
  const [state, other] = values;
  for (const [operation, x, y, parameter] of instructions) {
    // What came last is read most, so that graphs are deep.
    const pick = (number: number) => values[values.length - 1 - Math.floor((number / 100) ** 2 * values.length)];
    const made = MAKERS[operation](pick(x), pick(y), parameter);
    if (made && sizeOf(made.shape) <= MOST_ELEMENTS) values.push(made);
  }
  const alike = values.filter(({ shape }) => shape.join() === state.shape.join());
  const read = new Set(values.flatMap(operandsOf));
  const unread = values.filter((value) => !read.has(value) && value.operation.kind !== "input");
  const results = new Map(unread.map((value, k) => [`result ${k}`, value]));
  const nextState = new Map([
    ["state", alike[alike.length - 1 - first % alike.length]],
    [
      "other",
      second % 3 === 0 ? add(multiply(other, scalar(0.9)), alike[second % alike.length]) : alike[second % alike.length],
    ],
  ]);
  const inputs = new Map(
    Object.entries(shapes).map(([name, shape], k) => {
      const data = Float64Array.from({ length: sizeOf(shape) }, (_, at) => Math.fround(wave(at + 1000 * k)));
      return [name, { shape, data }];
    }),
  );
  return { results, nextState, inputs };
}
