import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { partOf } from "../../../../model/networks/network.ts";
import { sizeOf, type Tensor } from "../../../../model/tensor.ts";
import { gradients } from "../../../../model/autograd/gradient.ts";
import { lowerNetwork } from "../../../../model/autograd/lower_network.ts";
import { input, sum } from "../../../../model/autograd/operations.ts";
import { graphShape, toGraph } from "../../../../model/training/training_state.ts";
import type { Value } from "../../../../model/autograd/value.ts";
import { awkwardNetwork, wave, weightsFor } from "../../../integration/model/engines/awkward_network.ts";
import { runPlainly } from "../../../integration/model/engines/plain_rows.ts";
import { interpret, type Numbers } from "./reference_interpreter.ts";

const network = awkwardNetwork();
const weights = weightsFor(network);
const { channels, height, width } = network.inputShape;
const BATCH = 2;

const parameters = new Map<string, Value>();
const inputs = new Map<string, Numbers>();
for (const [name, weight] of weights) {
  parameters.set(name, input(name, graphShape(weight.shape)));
  const { shape, data } = toGraph(weight);
  inputs.set(name, { shape, data: Float64Array.from(data) });
}
const photos = Array.from({ length: BATCH }, (_, photo): Tensor => {
  const shape = [1, channels, height, width];
  return { shape, data: Float32Array.from({ length: sizeOf(shape) }, (_, k) => wave(k + 1000 * photo)) };
});
inputs.set("boundary", {
  shape: [BATCH, channels, height, width],
  data: Float64Array.from(photos.flatMap(({ data }) => [...data])),
});

const features = lowerNetwork(
  network,
  input("boundary", [BATCH, channels, height, width]),
  (name) => parameters.get(name) ?? input(name, []),
);

Deno.test("lowerNetwork() means what the rows mean, for each photo of a batch", () => {
  const { shape, data } = interpret(features, inputs);
  assertEquals(shape, [BATCH, 7]);
  for (const [photo, pixels] of photos.entries()) {
    const expected = runPlainly(network, weights, pixels).get("features") ?? [];
    assertEquals(expected.length, 7);
    // The graph's constants, such as 1 / 9 and epsilon, are float32.
    for (const [k, value] of expected.entries()) assertAlmostEquals(data[photo * 7 + k], value, 1e-6 * Math.abs(value));
  }
});

Deno.test("lowerNetwork() can be differentiated with respect to every kernel, weight and bias", () => {
  const whole = sum(features, [0, 1]);
  const trained = [...parameters].filter(([name]) => !name.includes("running"));
  const derivatives = gradients(whole, trained.map(([, value]) => value));
  for (const [k, [name]] of trained.entries()) {
    const gradient = interpret(derivatives[k], inputs).data;
    const given = inputs.get(name);
    if (given === undefined) throw new Error(`expected ${name}`);
    for (const index of [0, gradient.length >> 1, gradient.length - 1]) {
      const at = (shift: number) => {
        const data = given.data.with(index, given.data[index] + shift);
        return interpret(whole, new Map(inputs).set(name, { shape: given.shape, data })).data[0];
      };
      const step = 1e-6;
      const expected = (at(step) - at(-step)) / (2 * step);
      assertAlmostEquals(gradient[index], expected, 1e-6 * Math.max(1, Math.abs(expected)), `${name}[${index}]`);
    }
  }
});

Deno.test("lowerNetwork() refuses a part that does not end in pooled features", () => {
  const part = partOf(network, "input", "joined");
  const lower = () =>
    lowerNetwork(part, input("boundary", [BATCH, channels, height, width]), (name) => {
      return parameters.get(name) ?? input(name, []);
    });
  assertThrows(lower, RangeError, "expected pooled features, got joined");
});
