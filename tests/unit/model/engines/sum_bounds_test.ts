import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { firstUnbounded } from "../../../../model/engines/sum_bounds.ts";
import type { Network } from "../../../../model/networks/layers.ts";
import type { ValueRange } from "../../../../model/networks/value_ranges.ts";
import { tensor, type TensorMap } from "../../../../model/tensor.ts";

const CHANNELS = 2;
const INPUTS = 3;

/** A mean of the input and a convolution that reads it. */
const NETWORK: Network = {
  architecture: "a mean and a convolution",
  input: "input",
  inputShape: { channels: INPUTS, height: 1, width: 1 },
  rows: [
    {
      kind: "average_pool",
      input: "input",
      output: "mean",
      kernel: [1, 1],
      stride: [1, 1],
      padding: [0, 0],
      countPadding: false,
    },
    {
      kind: "convolution",
      name: "convolution",
      norm: "norm",
      input: "mean",
      output: "sums",
      inputChannels: INPUTS,
      outputChannels: CHANNELS,
      kernel: [1, 1],
      stride: [1, 1],
      padding: [0, 0],
      relu: true,
    },
  ],
  output: "sums",
  epsilon: 0,
};

function weightsOf(kernel: readonly number[], bias: readonly number[] = [0, 0]): TensorMap {
  const channels = (values: readonly number[]) => tensor([CHANNELS], Float32Array.from(values));
  return new Map([
    ["convolution.weight", tensor([CHANNELS, INPUTS, 1, 1], Float32Array.from(kernel))],
    ["norm.weight", channels([1, 1])],
    ["norm.bias", channels(bias)],
    ["norm.running_mean", channels([0, 0])],
    ["norm.running_var", channels([1, 1])],
  ]);
}

const within = (input: ValueRange) => new Map([["input", input]]);

Deno.test("firstUnbounded() finds sums that 32 bits need not hold, though a ReLU hides them", () => {
  const range = within({ least: -1, greatest: 2 });
  assertEquals(firstUnbounded(NETWORK, weightsOf([1, -2, 3, 4, 5, -6]), range), undefined);
  // Infinities of both signs would meet in one sum.
  const hidden = firstUnbounded(NETWORK, weightsOf([1, 1, 1, 3e38, -3e38, 0]), range);
  assertEquals(hidden?.layer, "sums");
  assert(hidden !== undefined && hidden.value > 1e39, String(hidden?.value));
  assertEquals(firstUnbounded(NETWORK, weightsOf([-1e38, 0, 0, 0, 0, 0], [-3e38, 0]), range)?.layer, "sums");
});

Deno.test("firstUnbounded() counts what is added to a convolution", () => {
  const [, convolution] = NETWORK.rows;
  assert(convolution.kind === "convolution");
  const network = { ...NETWORK, rows: [{ ...convolution, input: "input", residual: "residual" }] };
  const weights = weightsOf([1, 0, 0, 0, 0, 0]);
  const ranges = (greatest: number) =>
    new Map([["input", { least: 0, greatest: 1e38 }], ["residual", { least: 0, greatest }]]);
  assertEquals(firstUnbounded(network, weights, ranges(1)), undefined);
  assertEquals(firstUnbounded(network, weights, ranges(1e38))?.layer, "sums");
});

Deno.test("firstUnbounded() finds values that are infinite or no numbers", () => {
  const weights = weightsOf([0, 0, 0, 0, 0, 0]);
  for (
    const input of [{ least: 0, greatest: Infinity }, { least: -Infinity, greatest: 0 }, { least: NaN, greatest: 1 }]
  ) {
    assertEquals(firstUnbounded(NETWORK, weights, within(input))?.layer, "mean");
  }
});

Deno.test("firstUnbounded() passes no sum by that overflows in 32 bits, added up in either order", () => {
  const large = fc.float({ noNaN: true, noDefaultInfinity: true });
  const inputs = fc.array(large, { minLength: INPUTS, maxLength: INPUTS });
  const kernels = fc.array(large, { minLength: CHANNELS * INPUTS, maxLength: CHANNELS * INPUTS });
  fc.assert(fc.property(inputs, kernels, (values, kernel) => {
    const products = values.map((value, k) => Math.fround(value * kernel[k]));
    const sum = (terms: readonly number[]) => terms.reduce((total, term) => Math.fround(total + term), 0);
    const finite = Number.isFinite(sum(products)) && Number.isFinite(sum(products.toReversed()));
    const range = within({ least: Math.min(...values), greatest: Math.max(...values) });
    assert(finite || firstUnbounded(NETWORK, weightsOf(kernel), range) !== undefined);
  }));
});
