import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { randomFrom } from "../../../../../data/random.ts";
import { initialHead } from "../../../../../model/networks/fused/head.ts";
import { HEAD_LOGITS, headNetwork, headWeights } from "../../../../../model/networks/fused/head_network.ts";
import { shapesOf } from "../../../../../model/networks/network.ts";
import { type Tensor, tensor } from "../../../../../model/tensor.ts";
import { foldBatchNorm } from "../../../../../model/engines/batch_norm.ts";

const HEAD = { features: 5, hidden: [4, 3] };

/** A head whose batch norm is not the identity, and has variances as small as features' are. */
function stateFor(seed: number): Map<string, Tensor> {
  const random = randomFrom(seed, "head");
  const state = new Map(initialHead(HEAD, random));
  const filled = (from: number, to: number) =>
    tensor([HEAD.features], Float32Array.from({ length: HEAD.features }, () => from + (to - from) * random()));
  state.set("head.0.weight", filled(0.5, 2)).set("head.0.bias", filled(-1, 1));
  state.set("head.0.running_mean", filled(-2, 2)).set("head.0.running_var", filled(1e-3, 3));
  return state;
}

/** What the head means: batch norm, then linear layers with ReLU between, in double precision. */
function logitsOf(state: ReadonlyMap<string, Tensor>, features: readonly number[]): number[] {
  const of = (name: string) => state.get(name)?.data ?? new Float32Array();
  const [gamma, beta, mean, variance] = ["weight", "bias", "running_mean", "running_var"].map((p) => of(`head.0.${p}`));
  let values = features.map((x, k) => (x - mean[k]) / Math.sqrt(variance[k] + 1e-5) * gamma[k] + beta[k]);
  for (const name of ["head.1", "head.3", "head.5"]) {
    const input = name === "head.1" ? values : values.map((value) => Math.max(value, 0));
    const weight = of(`${name}.weight`);
    values = Array.from(of(`${name}.bias`), (bias, row) => {
      return input.reduce((sum, value, k) => sum + value * weight[row * input.length + k], bias);
    });
  }
  return values;
}

/** What the network's rows compute, by the folded convolutions that every engine runs. */
function logitsByRows(state: ReadonlyMap<string, Tensor>, features: readonly number[]): number[] {
  const network = headNetwork(HEAD);
  const weights = headWeights(HEAD, state);
  return network.rows.reduce((values: readonly number[], row) => {
    if (row.kind !== "convolution") throw new Error(`expected convolutions alone, got ${row.kind}`);
    const { kernel, bias } = foldBatchNorm(row, weights, network.epsilon);
    return Array.from(bias.data, (start, output) => {
      const sum = values.reduce((sum, value, k) => sum + value * kernel.data[output * row.inputChannels + k], start);
      return row.relu ? Math.max(sum, 0) : sum;
    });
  }, features).slice();
}

Deno.test("headNetwork() gives two logits of maps of one pixel", () => {
  const shapes = shapesOf(headNetwork(HEAD));
  assertEquals(shapes.get("features"), { channels: 5, height: 1, width: 1 });
  assertEquals(shapes.get(HEAD_LOGITS), { channels: 2, height: 1, width: 1 });
});

Deno.test("headWeights() folds the batch norm into the first layer: the rows compute what the head means", () => {
  fc.assert(fc.property(
    fc.nat(100),
    fc.array(fc.double({ min: -5, max: 5, noNaN: true }), { minLength: 5, maxLength: 5 }),
    (seed, features) => {
      const state = stateFor(seed);
      const expected = logitsOf(state, features);
      const scale = Math.max(1, ...expected.map(Math.abs));
      logitsByRows(state, features).forEach((logit, k) => assertAlmostEquals(logit, expected[k], 1e-5 * scale));
    },
  ));
});

Deno.test("headWeights() leaves the state as it is, and names a tensor that is missing or of another shape", () => {
  const state = stateFor(1);
  headWeights(HEAD, state);
  assertEquals(state, stateFor(1));
  state.set("head.3.bias", tensor([2], new Float32Array(2)));
  assertThrows(() => headWeights(HEAD, state), RangeError, "head.3.bias: expected one of [3], got [2]");
  state.delete("head.0.running_var");
  assertThrows(() => headWeights(HEAD, state), RangeError, "head.0.running_var: expected one of [5], got none");
});
