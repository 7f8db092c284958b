import { assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { randomFrom } from "../../../../data/random.ts";
import { gradients } from "../../../../model/autograd/gradient.ts";
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
  mean,
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
import type { Shape, Value } from "../../../../model/autograd/value.ts";
import { interpret, type Numbers } from "./reference_interpreter.ts";

/** Numbers between .5 and 1.5, or their negatives, all different: away from kinks, poles and ties. */
function numbers(shape: Shape, seed: number, { positive = false } = {}): Numbers {
  const random = randomFrom(seed, shape.join());
  const size = shape.reduce((product, extent) => product * extent, 1);
  const draw = () => (0.5 + random()) * (positive || random() < 0.5 ? 1 : -1);
  return { shape, data: Float64Array.from({ length: size }, draw) };
}

/** The whole of a value as one number in which every element has a weight of its own. */
function weighted(value: Value): Value {
  const weights = numbers(value.shape, 99).data;
  const axes = value.shape.map((_, axis) => axis);
  return sum(multiply(value, constant(value.shape, Float32Array.from(weights))), axes);
}

/** Compares the gradients of a function with central differences, in double precision. */
function checkGradients(
  compute: (parameters: Value[]) => Value,
  given: readonly Numbers[],
  tolerance = 1e-6,
): void {
  const parameters = given.map(({ shape }, k) => input(`p${k}`, shape));
  const whole = weighted(compute(parameters));
  const inputs = new Map(given.map((value, k) => [`p${k}`, value]));
  for (const [k, gradient] of gradients(whole, parameters).entries()) {
    assertEquals(gradient.shape, given[k].shape);
    const computed = interpret(gradient, inputs).data;
    for (const [index, value] of given[k].data.entries()) {
      const at = (shifted: number) => {
        const data = given[k].data.with(index, shifted);
        return interpret(whole, new Map(inputs).set(`p${k}`, { shape: given[k].shape, data })).data[0];
      };
      const step = 1e-5;
      const expected = (at(value + step) - at(value - step)) / (2 * step);
      const error = Math.abs(computed[index] - expected) / Math.max(1, Math.abs(expected));
      if (!(error < tolerance)) throw new Error(`p${k}[${index}]: expected ${expected}, got ${computed[index]}`);
    }
  }
}

const CASES: Record<string, { compute: (parameters: Value[]) => Value; shapes: Shape[]; positive?: boolean }> = {
  relu: { compute: ([x]) => relu(x), shapes: [[3, 4]] },
  exp: { compute: ([x]) => exp(x), shapes: [[3, 4]] },
  log: { compute: ([x]) => log(x), shapes: [[3, 4]], positive: true },
  sqrt: { compute: ([x]) => sqrt(x), shapes: [[3, 4]], positive: true },
  add: { compute: ([a, b]) => add(a, b), shapes: [[3, 4], [3, 4]] },
  subtract: { compute: ([a, b]) => subtract(a, b), shapes: [[3, 4], [4]] },
  multiply: { compute: ([a, b]) => multiply(a, b), shapes: [[3, 4], [3, 1]] },
  divide: { compute: ([a, b]) => divide(a, b), shapes: [[4], [3, 4]] },
  maximum: { compute: ([a, b]) => maximum(a, b), shapes: [[3, 4], [1, 4]] },
  matMul: { compute: ([a, b]) => matMul(a, b), shapes: [[3, 4], [4, 2]] },
  "matMul of a batch and a matrix": { compute: ([a, b]) => matMul(a, b), shapes: [[3, 4], [2, 4, 5]] },
  sum: { compute: ([x]) => sum(x, [0, 2]), shapes: [[2, 3, 4]] },
  mean: { compute: ([x]) => mean(x, [1]), shapes: [[2, 3]] },
  reshape: { compute: ([x]) => reshape(x, [2, 6]), shapes: [[3, 4]] },
  transpose: { compute: ([x]) => transpose(x, [2, 0, 1]), shapes: [[2, 3, 4]] },
  "slice from the start": { compute: ([x]) => slice(x, 1, 0, 2), shapes: [[3, 4]] },
  "slice from the middle": { compute: ([x]) => slice(x, 1, 1, 3), shapes: [[3, 4]] },
  concatenate: { compute: ([a, b]) => concatenate([a, b, a], 1), shapes: [[3, 2], [3, 1]] },
  "gatherRows with rows that are read often, once and never": {
    compute: ([x]) => gatherRows(x, Int32Array.of(2, -1, 0, 2, 2, -1), 7),
    shapes: [[4, 2]],
  },
  "a value that is used twice": { compute: ([x]) => multiply(add(x, x), exp(x)), shapes: [[5]] },
};

for (const [name, { compute, shapes, positive }] of Object.entries(CASES)) {
  Deno.test(`gradients() of ${name} equals finite differences`, () => {
    checkGradients(compute, shapes.map((shape, k) => numbers(shape, k + 1, { positive })));
  });
}

Deno.test("gradients() of matMul equals finite differences however its operands are transposed", () => {
  const extent = fc.integer({ min: 1, max: 4 });
  fc.assert(
    fc.property(
      extent,
      extent,
      extent,
      fc.boolean(),
      fc.boolean(),
      fc.nat(),
      (n, k, m, transposeA, transposeB, seed) => {
        const shapes = [transposeA ? [k, n] : [n, k], transposeB ? [m, k] : [k, m]];
        checkGradients(
          ([a, b]) => matMul(a, b, { transposeA, transposeB }),
          shapes.map((s, at) => numbers(s, seed + at)),
        );
      },
    ),
    { numRuns: 30 },
  );
});

Deno.test("gradients() of elementwise operations sums over whatever was broadcast", () => {
  const extents = fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 0, maxLength: 3 });
  fc.assert(
    fc.property(extents, fc.nat(2), fc.nat(7), fc.nat(), (shape, dropped, stretched, seed) => {
      const other = shape.map((extent, axis) => (stretched & (1 << axis) ? 1 : extent)).slice(
        Math.min(dropped, shape.length),
      );
      checkGradients(([a, b]) => divide(multiply(a, b), add(multiply(b, b), scalar(1))), [
        numbers(shape, seed),
        numbers(other, seed + 1),
      ]);
    }),
    { numRuns: 40 },
  );
});

Deno.test("gradients() takes what is detached, and steps, as constant", () => {
  const x = input("x", [3]);
  const given = new Map([["x", { shape: [3], data: Float64Array.of(-1, 2, 3) }]]);
  const [gradient] = gradients(sum(multiply(x, detach(x)), [0]), [x]);
  assertEquals([...interpret(gradient, given).data], [-1, 2, 3]);
  for (const step of [sign(x), greaterOrEqual(x, scalar(0))]) {
    assertEquals([...interpret(gradients(sum(multiply(x, step), [0]), [x])[0], given).data], [
      ...interpret(step, given).data,
    ]);
  }
});

Deno.test("gradients() of equal maxima goes to the first alone", () => {
  const [a, b] = [input("a", [1]), input("b", [1])];
  const given = new Map(["a", "b"].map((name) => [name, { shape: [1], data: Float64Array.of(2) }]));
  const parts = gradients(sum(maximum(a, b), [0]), [a, b]);
  assertEquals(parts.map((part) => interpret(part, given).data[0]), [1, 0]);
});

Deno.test("gradients() refuses more than one number, and a parameter that has no part in it", () => {
  const x = input("x", [3]);
  assertThrows(() => gradients(x, [x]), RangeError, "expected one number, got [3]");
  assertThrows(() => gradients(sum(x, [0]), [input("y", [3])]), RangeError, "depends on every parameter");
});
