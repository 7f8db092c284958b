import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { foldBatchNorm } from "../../../../model/engines/batch_norm.ts";
import type { ConvolutionRow } from "../../../../model/networks/layers.ts";
import { tensor } from "../../../../model/tensor.ts";

const row: ConvolutionRow = {
  kind: "convolution",
  name: "conv1",
  norm: "bn1",
  input: "input",
  output: "conv1",
  inputChannels: 2,
  outputChannels: 1,
  kernel: [1, 1],
  stride: [1, 1],
  padding: [0, 0],
  relu: false,
};

interface Numbers {
  readonly kernel: readonly [number, number];
  readonly gamma: number;
  readonly beta: number;
  readonly mean: number;
  readonly variance: number;
}

function weightsOf({ kernel, gamma, beta, mean, variance }: Numbers) {
  return new Map([
    ["conv1.weight", tensor([1, 2, 1, 1], Float32Array.from(kernel))],
    ["bn1.weight", tensor([1], Float32Array.of(gamma))],
    ["bn1.bias", tensor([1], Float32Array.of(beta))],
    ["bn1.running_mean", tensor([1], Float32Array.of(mean))],
    ["bn1.running_var", tensor([1], Float32Array.of(variance))],
  ]);
}

const float = (min: number, max: number) => fc.float({ min, max, noNaN: true });

Deno.test("foldBatchNorm() computes the same as a convolution and its batch norm", () => {
  const numbers = fc.record({
    kernel: fc.tuple(float(-2, 2), float(-2, 2)),
    gamma: float(-2, 2),
    beta: float(-2, 2),
    mean: float(-2, 2),
    variance: float(0, 4),
  });
  fc.assert(fc.property(numbers, float(-3, 3), float(-3, 3), (given, x, y) => {
    const epsilon = 1e-3;
    const { kernel, bias } = foldBatchNorm(row, weightsOf(given), epsilon);
    const apart = (given.kernel[0] * x + given.kernel[1] * y - given.mean) / Math.sqrt(given.variance + epsilon) *
        given.gamma + given.beta;
    const folded = kernel.data[0] * x + kernel.data[1] * y + bias.data[0];
    assertAlmostEquals(folded, apart, 1e-3);
  }));
});

Deno.test("foldBatchNorm() leaves the weights alone and keeps the kernel's shape", () => {
  const given = { kernel: [1, 2], gamma: 3, beta: 4, mean: 5, variance: 6 } as const;
  const weights = weightsOf(given);
  assertEquals(foldBatchNorm(row, weights, 1e-5).kernel.shape, [1, 2, 1, 1]);
  assertEquals(weights, weightsOf(given));
});

Deno.test("foldBatchNorm() names a tensor of the wrong shape", () => {
  const weights = weightsOf({ kernel: [1, 2], gamma: 3, beta: 4, mean: 5, variance: 6 });
  weights.set("bn1.bias", tensor([2], new Float32Array(2)));
  assertThrows(
    () => foldBatchNorm(row, weights, 1e-5),
    RangeError,
    "Cannot use the weight bn1.bias: expected a tensor of [1], got [2]",
  );
});
