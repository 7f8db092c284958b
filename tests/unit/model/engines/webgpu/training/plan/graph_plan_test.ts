import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import {
  add,
  concatenate,
  gatherRows,
  input,
  matMul,
  multiply,
  relu,
  scalar,
  subtract,
  sum,
  transpose,
} from "../../../../../../../model/autograd/operations.ts";
import { operandsOf, type Value } from "../../../../../../../model/autograd/value.ts";
import type { FusedKernel } from "../../../../../../../model/engines/webgpu/training/plan/fused_kernels.ts";
import {
  type GraphPlan,
  type Held,
  placeOf,
  planGraph,
  type SteppedGraph,
} from "../../../../../../../model/engines/webgpu/training/plan/graph_plan.ts";
import { trainingProgram } from "../../../../../../../model/training/training_program.ts";
import { randomGraphs } from "../../../../autograd/random_graph.ts";

/** WebGPU's least limit on storage buffers of a shader. */
const MOST_BUFFERS = 8;

/** Plays a plan through: whose numbers each place holds when it is read. */
function checkPlan({ results, nextState }: SteppedGraph): void {
  const plan = planGraph({ results, nextState });
  const key = (held: Held) => {
    const place = placeOf(plan, held);
    return place.kind === "constant" ? place.data : place.kind === "tensor" ? place.name : place.buffer;
  };
  const held = new Map<unknown, Value | string>([...nextState.keys()].map((name) => [name, name]));
  for (const kernel of plan.kernels) {
    const bound = new Set(kernel.gathers.map((value) => key({ kind: "rows", value })));
    for (const value of kernel.reads) {
      const place = key({ kind: "read", value });
      bound.add(place);
      const { operation } = value;
      if (operation.kind === "constant") continue;
      const expected = operation.kind === "input" ? operation.name : value;
      assertEquals(held.get(place) ?? place, expected, "what is read is there");
      const isWritten = kernel.stored.some((stored) => key({ kind: "stored", value: stored }) === place);
      assert(!isWritten || kernel.readsAtIndex.has(value), "what is written over is read at its own index alone");
    }
    for (const value of kernel.stored) {
      const place = key({ kind: "stored", value });
      bound.add(place);
      held.set(place, value);
    }
    assert(bound.size <= MOST_BUFFERS, "a kernel binds no more buffers than any device has");
  }
  for (const value of results.values()) assertEquals(held.get(key({ kind: "stored", value })), value, "a result stays");
  for (const { value, name } of plan.copies) assertEquals(held.get(key({ kind: "stored", value })), value, name);
  const copied = new Set(plan.copies.map(({ name }) => name));
  for (const [name, value] of nextState) if (!copied.has(name)) assertEquals(held.get(name), value, name);
}

Deno.test("planGraph() has every value where it is read, whatever the graph", () => {
  fc.assert(fc.property(randomGraphs(30), checkPlan), { numRuns: 500 });
});

function planOf(value: Value, nextState = new Map<string, Value>()): GraphPlan {
  return planGraph({ results: new Map([["result", value]]), nextState });
}

/** The operations that a kernel computes, what it computes where it reads it included. */
function operationsOf({ root, members, inlined }: FusedKernel): string[] {
  return [...root ? [root] : [], ...inlined, ...members].map(({ operation }) => operation.kind);
}

const [a, b] = [input("a", [3, 4]), input("b", [4, 2])];

Deno.test("planGraph() lets a matmul do what follows from each of its elements", () => {
  const { kernels } = planOf(relu(add(multiply(matMul(a, b), scalar(2)), input("bias", [2]))));
  assertEquals(kernels.map(operationsOf), [["matMul", "add", "multiply", "relu"]]);
});

Deno.test("planGraph() reads through windows and adds up what was read, without writing either to memory", () => {
  const windows = gatherRows(a, Int32Array.of(0, -1, 2, 2));
  assertEquals(planOf(matMul(windows, b)).kernels.map(({ reads }) => reads), [[a, b]]);
  assertEquals(planOf(sum(multiply(windows, windows), [0])).kernels.length, 1);
});

Deno.test("planGraph() computes apart what is read at another index than that of the result", () => {
  const square = multiply(input("square", [3, 3]), scalar(2));
  assertEquals(planOf(add(square, multiply(square, square))).kernels.length, 1);
  assertEquals(planOf(add(square, transpose(square, [1, 0]))).kernels.length, 2);
  assertEquals(planOf(add(square, sum(square, [0]))).kernels.length, 3);
});

Deno.test("planGraph() writes a step of SGD over the state, after all that reads the state before it", () => {
  const [weight, velocity] = [input("weight", [4, 2]), input("velocity", [4, 2])];
  const forward = matMul(a, weight);
  const next = add(multiply(velocity, scalar(0.9)), matMul(a, forward, { transposeA: true }));
  const stepped = subtract(weight, multiply(input("rate", []), next));
  const result = sum(matMul(forward, weight, { transposeB: true }), [0, 1]);
  const { kernels, copies } = planOf(result, new Map([["weight", stepped], ["velocity", next]]));
  assertEquals(copies, []);
  assertEquals(kernels.length, 4);
  assertEquals(kernels[3].stored, [next, stepped]);
});

Deno.test("planGraph() keeps two tensors apart that take each other's place", () => {
  const [x, y] = [input("x", [3]), input("y", [3])];
  const { copies } = planOf(add(x, y), new Map([["x", y], ["y", x]]));
  assertEquals(copies.length, 1);
});

Deno.test("planGraph() refuses a concatenation of more parts than a kernel can bind", () => {
  const parts = Array.from({ length: MOST_BUFFERS }, (_, k) => input(`part ${k}`, [2]));
  assertThrows(() => planOf(concatenate(parts, 0)), RangeError, "Cannot compute concatenate: expected at most 7");
});

Deno.test("planGraph() makes a step of the head a few kernels, all of the state in place", () => {
  const spec = { head: { features: 6, hidden: [5, 4, 3] }, tuned: [], momentum: 0.9, batchSize: 4 };
  const { kernels, copies } = planGraph(trainingProgram(spec).step);
  assertEquals([kernels.length, copies.length], [31, 0]);
  assert(kernels.every(({ stored }) => stored.length > 0));
  const stored = new Set(kernels.flatMap(({ stored }) => stored));
  const read = new Set(kernels.flatMap(({ reads }) => reads));
  assert([...read].every((value) => stored.has(value) || operandsOf(value).length === 0));
});
