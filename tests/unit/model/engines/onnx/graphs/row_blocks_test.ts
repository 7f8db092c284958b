import { assertEquals } from "@std/assert";
import { input, matMul, relu, scalar } from "../../../../../../model/autograd/operations.ts";
import { sgdStep } from "../../../../../../model/autograd/sgd.ts";
import type { Value } from "../../../../../../model/autograd/value.ts";
import { updateInBlocks } from "../../../../../../model/engines/onnx/graphs/row_blocks.ts";
import { interpretAll, type Numbers } from "../../../autograd/reference_interpreter.ts";

const [ROWS, WIDTH, BATCH] = [5, 3, 4];

/** The update of a matrix by a gradient. */
function updated(gradient: Value): Map<string, Value> {
  const before = { parameter: input("w", [ROWS, WIDTH]), velocity: input("momentum.w", [ROWS, WIDTH]) };
  const { parameter, velocity } = sgdStep(before, { gradient, rate: input("rate", []), momentum: 0.9 });
  return new Map([["w", parameter], ["momentum.w", velocity]]);
}

const product = (transposeA: boolean) =>
  matMul(input("d", transposeA ? [BATCH, ROWS] : [ROWS, BATCH]), input("x", [BATCH, WIDTH]), { transposeA });

const gradients: Readonly<Record<string, Value>> = {
  "a matmul": product(false),
  "a matmul of a transposed matrix": product(true),
  "anything else": relu(matMul(product(false), input("s", [WIDTH, WIDTH]))),
};

function numbers(shape: readonly number[], seed: number): Numbers {
  const length = shape.reduce((product, extent) => product * extent, 1);
  return { shape, data: Float64Array.from({ length }, (_, k) => Math.sin(seed + 3 * k)) };
}

for (const [what, gradient] of Object.entries(gradients)) {
  Deno.test(`updateInBlocks() gives the rows that the whole update gives, of ${what}`, () => {
    const given = new Map([
      ["w", numbers([ROWS, WIDTH], 1)],
      ["momentum.w", numbers([ROWS, WIDTH], 2)],
      ["x", numbers([BATCH, WIDTH], 3)],
      ["d", numbers(what.includes("transposed") ? [BATCH, ROWS] : [ROWS, BATCH], 4)],
      ["s", numbers([WIDTH, WIDTH], 5)],
      ["rate", { shape: [], data: Float64Array.of(0.1) }],
    ]);
    const whole = interpretAll(updated(gradient), given);
    // Two rows at a time, and one is left.
    const { nextState, blocks } = updateInBlocks(updated(gradient), 2 * WIDTH);
    for (const { name, of, start, end } of blocks) {
      const data = given.get(of)?.data.slice(start * WIDTH, end * WIDTH) ?? new Float64Array();
      given.set(name, { shape: [end - start, WIDTH], data });
    }
    const inBlocks = interpretAll(nextState, given);
    assertEquals([...inBlocks.keys()].sort(), blocks.map(({ name }) => name).sort());
    for (const name of ["w", "momentum.w"]) {
      const parts = blocks.filter((block) => block.of === name).toSorted((a, b) => a.start - b.start);
      assertEquals(parts.map(({ start, end }) => [start, end]), [[0, 2], [2, 4], [4, 5]]);
      assertEquals(parts.flatMap((part) => [...inBlocks.get(part.name)?.data ?? []]), [...whole.get(name)?.data ?? []]);
    }
  });
}

Deno.test("updateInBlocks() leaves small matrices, vectors and numbers of a kind whole", () => {
  const small = new Map([...updated(product(false)), ["scaled", scalar(2)], ["bias", input("b", [100])]]);
  const { nextState, blocks } = updateInBlocks(small, ROWS * WIDTH);
  assertEquals([...nextState], [...small]);
  assertEquals(blocks, []);
});
