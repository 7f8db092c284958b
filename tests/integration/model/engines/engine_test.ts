import { entryOf } from "../../../../data/base/entry_of.ts";
import { assert, assertEquals, assertRejects } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import { takingPixels } from "../../../../model/networks/normalisation.ts";
import { tensor } from "../../../../model/tensor.ts";
import { assertClose } from "../training/golden_files.ts";
import { awkwardNetwork, wave, weightsFor } from "./awkward_network.ts";
import { testEachEngine } from "./engines_here.ts";
import { assertLeaksNothing } from "./leaks.ts";
import { runPlainly } from "./plain_rows.ts";

const network = awkwardNetwork();
const weights = weightsFor(network);
const everyValue = network.rows.map((row) => row.output);

function photos(batch: number) {
  return tensor([batch, 3, 11, 14], Float32Array.from({ length: batch * 3 * 11 * 14 }, (_, k) => wave(k)));
}

testEachEngine((name) => `compile() on ${name} gives what the rows mean, awkward sizes included`, async (engine) => {
  const compiled = await engine.compile(network, weights, everyValue);
  const outputs = await compiled.run(photos(1));
  for (const [name, expected] of runPlainly(network, weights, photos(1))) {
    if (name !== network.input) assertClose(entryOf(outputs, name, "an output").data, expected, 1e-5, name);
  }
  await compiled.close();
});

testEachEngine((name) => `run() on ${name} gives a photo the same values in any batch`, async (engine) => {
  const compiled = await engine.compile(network, weights, ["features"]);
  const three = entryOf(await compiled.run(photos(3)), "features", "an output");
  const one = entryOf(await compiled.run(photos(1)), "features", "an output");
  assertEquals(three.shape, [3, 7]);
  assertClose(three.data.slice(0, 7), one.data, 1e-6, "the first photo");
  await compiled.close();
});

testEachEngine((name) => `run() on ${name} gives the same bits twice and leaves its input alone`, async (engine) => {
  const compiled = await engine.compile(network, weights, everyValue);
  const input = photos(2);
  const [first, second] = await Promise.all([compiled.run(input), compiled.run(input)]);
  assertEquals(first, second);
  assertEquals(input, photos(2));
  await compiled.close();
});

testEachEngine((name) => `run() on ${name} takes bytes where the network normalises`, async (engine) => {
  const bytes = Uint8Array.from({ length: 2 * 11 * 14 * 3 }, (_, k) => (k * 89) % 256);
  const normalisation = { mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] } as const;
  const floats = new Float32Array(bytes.length);
  for (const [k, byte] of bytes.entries()) {
    const [photo, pixel, colour] = [Math.floor(k / (11 * 14 * 3)), Math.floor(k / 3) % (11 * 14), k % 3];
    const value = (byte / 255 - normalisation.mean[colour]) / normalisation.std[colour];
    floats[(photo * 3 + colour) * 11 * 14 + pixel] = value;
  }
  const [fromFloats, fromBytes] = [
    await engine.compile(network, weights, ["features"]),
    await engine.compile(takingPixels(network, normalisation), weights, ["features"]),
  ];
  const expected = (await fromFloats.run(tensor([2, 3, 11, 14], floats))).get("features");
  const features = (await fromBytes.run({ shape: [2, 11, 14, 3], data: bytes })).get("features");
  assertEquals(features?.shape, [2, 7]);
  assertClose(features?.data ?? [], expected?.data ?? [NaN], 1e-5, "features");
  await assertRejects(
    async () => await fromBytes.run(tensor([2, 3, 11, 14], floats)),
    RangeError,
    "expected input of [batch, 11, 14, 3] in a Uint8Array, got [2, 3, 11, 14] with 924 values in a Float32Array",
  );
  await fromFloats.close();
  await fromBytes.close();
});

testEachEngine((name) => `run() on ${name} refuses a batch of another size`, async (engine) => {
  const compiled = await engine.compile(network, weights, ["features"]);
  const wrong = tensor([1, 3, 14, 11], new Float32Array(3 * 14 * 11));
  await assertRejects(
    async () => await compiled.run(wrong),
    RangeError,
    "Cannot run resnet50: expected input of [batch, 3, 11, 14] in a Float32Array, got [1, 3, 14, 11]",
  );
  await compiled.close();
});

testEachEngine((name) => `compile() on ${name} names a weight that is missing`, async (engine) => {
  const incomplete = new Map(weights);
  incomplete.delete("tall.weight");
  await assertRejects(
    async () => await engine.compile(network, incomplete, ["features"]),
    RangeError,
    "Cannot use the weight tall.weight: expected a tensor of [5,5,3,1], got none",
  );
});

testEachEngine((name) => `compile() on ${name} that fails leaves nothing on the device`, async (engine) => {
  const before = tf.memory().numTensors;
  const incomplete = new Map(weights);
  incomplete.delete("last.weight");
  await assertRejects(async () => await engine.compile(network, incomplete, ["features"]), RangeError);
  assertEquals(tf.memory().numTensors, before);
}, { engines: ["wasm", "cpu"] });

/** Where values are counted, one photo is enough; where only memory tells, 100 lost batches have to show. */
const BATCH_THAT_SHOWS = { webgpu: 1, onnx: 64, wasm: 1, cpu: 1 } as const;

testEachEngine((name) => `run() on ${name} holds nothing more after 100 runs`, async (engine) => {
  const compiled = await engine.compile(network, weights, everyValue);
  await assertLeaksNothing(engine, () => compiled.run(photos(BATCH_THAT_SHOWS[engine.name])));
  await compiled.close();
});

testEachEngine((name) => `close() on ${name} leaves nothing of a network on the device`, async (engine) => {
  const before = tf.memory().numTensors;
  const compiled = await engine.compile(network, weights, everyValue);
  const compiledTensors = tf.memory().numTensors;
  await compiled.run(photos(2));
  assertEquals(tf.memory().numTensors, compiledTensors, "after a run");
  await compiled.close();
  assertEquals(tf.memory().numTensors, before, "after close()");
  assert(compiledTensors > before);
}, { engines: ["wasm", "cpu"] });

function matrix(rows: number, width: number, phase: number) {
  return tensor([rows, width], Float32Array.from({ length: rows * width }, (_, k) => wave(k + phase)));
}

testEachEngine(
  (name) => `matMulTransposed() on ${name} multiplies rows with rows, one of them and many`,
  async (engine) => {
    for (const [m, n, k] of [[1, 1, 1], [1, 33, 7], [5, 3, 64], [70, 65, 130]]) {
      const [a, b] = [matrix(m, k, 0), matrix(n, k, 1000)];
      const expected = Float64Array.from({ length: m * n }, (_, place) => {
        const [row, other] = [Math.floor(place / n), place % n];
        return a.data.subarray(row * k, (row + 1) * k).reduce(
          (sum, value, j) => sum + value * b.data[other * k + j],
          0,
        );
      });
      const { shape, data } = await engine.matMulTransposed(a, b);
      assertEquals(shape, [m, n]);
      assertClose(data, expected, 1e-5, `[${m}, ${k}] and [${n}, ${k}]`);
      assertEquals([a, b], [matrix(m, k, 0), matrix(n, k, 1000)], "the inputs afterwards");
    }
  },
);

testEachEngine((name) => `matMulTransposed() on ${name} refuses rows of different lengths`, async (engine) => {
  await assertRejects(
    async () => await engine.matMulTransposed(matrix(2, 3, 0), matrix(2, 4, 0)),
    RangeError,
    "Cannot multiply matrices: expected [m, k] and [n, k], got [2, 3] and [2, 4]",
  );
});

testEachEngine(
  (name) => `matMulTransposed() on ${name} holds nothing more after 100 products`,
  (engine) => assertLeaksNothing(engine, () => engine.matMulTransposed(matrix(3, 5, 0), matrix(4, 5, 0))),
  { engines: ["webgpu", "wasm", "cpu"] },
);
