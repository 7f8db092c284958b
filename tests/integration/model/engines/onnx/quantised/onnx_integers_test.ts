import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { entryOf } from "../../../../../../data/base/entry_of.ts";
import type { Engine, IntegerNetworks } from "../../../../../../model/engines/engine.ts";
import type { Network } from "../../../../../../model/networks/layers.ts";
import { inputsOf } from "../../../../../../model/networks/network.ts";
import { type Tensor, tensor, type TensorMap } from "../../../../../../model/tensor.ts";
import { randomNetworks } from "../../../../../unit/model/engines/webgpu/random_network.ts";
import { awkwardNetwork, wave, weightsFor } from "../../awkward_network.ts";
import { testEachEngine } from "../../engines_here.ts";
import { embeddedGoldens, readGolden } from "../../golden_forward.ts";
import { runPlainly } from "../../plain_rows.ts";
import { IntegerRows } from "./integer_rows.ts";

function testIntegers(name: string, run: (integers: IntegerNetworks, engine: Engine) => Promise<void>): void {
  testEachEngine(() => name, async (engine) => {
    assert(engine.integers !== undefined);
    await run(engine.integers, engine);
  }, { engines: ["onnx"] });
}

function photosFor({ inputShape: { channels, height, width } }: Network, batch: number): Tensor {
  const size = channels * height * width;
  return tensor([batch, channels, height, width], Float32Array.from({ length: batch * size }, (_, k) => wave(k)));
}

function rowOf({ shape: [batch, ...rest], data }: Tensor, row: number): Tensor {
  const size = data.length / batch;
  return { shape: [1, ...rest], data: data.slice(row * size, (row + 1) * size) };
}

/** What can be asked for without keeping means from being taken after their convolutions. */
function askable({ rows }: Network): string[] {
  const read = new Set(rows.flatMap(inputsOf));
  return rows.filter(({ kind, output }) => kind !== "average_pool" || !read.has(output)).map(({ output }) => output);
}

/** Roundings of a half differ between single and double precision, and then what is computed from them. */
const STEPS = 1.01;
const LONG_CHAIN_STEPS = 3.01;

async function assertComputes(
  integers: IntegerNetworks,
  network: Network,
  photos: Tensor,
  weights: TensorMap = weightsFor(network),
): Promise<void> {
  const outputs = askable(network);
  const ranges = await integers.measureRanges(network, weights, outputs, [photos]);
  const compiled = await integers.compile(network, weights, outputs, ranges);
  try {
    const results = await compiled.run(photos);
    for (let photo = 0; photo < photos.shape[0]; photo++) {
      const oracle = new IntegerRows(network, weights, ranges, await integers.kernelBits(), outputs);
      const expected = oracle.run(rowOf(photos, photo));
      for (const output of outputs) {
        const { data } = rowOf(entryOf(results, output, "an output"), photo);
        const wanted = entryOf(expected, output, "a value");
        assertEquals(data.length, wanted.length, output);
        let far = 0;
        for (const [k, value] of data.entries()) {
          const steps = Math.abs(value - wanted[k]) / oracle.step(output);
          assert(steps < LONG_CHAIN_STEPS, `${output}[${k}] is ${value}, ${steps} steps from ${wanted[k]}`);
          if (steps > STEPS) far++;
        }
        assert(far <= data.length / 50, `${far} of ${data.length} values of ${output} are over a step away`);
      }
    }
  } finally {
    await compiled.close();
  }
}

testIntegers("compile() in integers computes what the integers mean, for any rows", async (integers) => {
  await fc.assert(
    fc.asyncProperty(randomNetworks(), fc.integer({ min: 1, max: 3 }), async (network, batch) => {
      await assertComputes(integers, network, photosFor(network, batch));
    }),
    { numRuns: 15 },
  );
});

testIntegers(
  "compile() in integers computes what the integers mean, at every row's least convenient",
  async (integers) => {
    await assertComputes(integers, awkwardNetwork(), photosFor(awkwardNetwork(), 3));
  },
);

testIntegers("measureRanges() gives the least and the greatest of every value over all batches", async (integers) => {
  const network = awkwardNetwork();
  const weights = weightsFor(network);
  const batches = [photosFor(network, 2), photosFor(network, 3)];
  batches[1].data.forEach((value, k) => batches[1].data[k] = value * 1.5 - 0.2);
  const ranges = await integers.measureRanges(network, weights, askable(network), batches);
  const photos = batches.flatMap((batch) =>
    batch.data.length === 0 ? [] : Array.from({ length: batch.shape[0] }, (_, k) => rowOf(batch, k))
  );
  const values = photos.map((photo) => runPlainly(network, weights, photo));
  for (const { output } of network.rows) {
    const all = values.flatMap((of) => entryOf(of, output, "a value"));
    const { least, greatest } = entryOf(ranges, output, "a range");
    const size = Math.max(...all) - Math.min(...all);
    assert(Math.abs(least - Math.min(...all)) < 1e-5 * size, `${output} is ${least} at least, not ${Math.min(...all)}`);
    assert(Math.abs(greatest - Math.max(...all)) < 1e-5 * size, `${output}: ${greatest}, not ${Math.max(...all)}`);
  }
});

testIntegers("kernelBits() leaves the largest bytes times the largest weights as they are", async (integers) => {
  const network: Network = {
    architecture: "resnet50",
    input: "input",
    inputShape: { channels: 33, height: 5, width: 3 },
    rows: [{
      kind: "convolution",
      name: "largest",
      norm: "norm",
      input: "input",
      output: "largest",
      inputChannels: 33,
      outputChannels: 19,
      kernel: [3, 3],
      stride: [1, 1],
      padding: [1, 1],
      relu: true,
    }],
    output: "largest",
    epsilon: 0,
  };
  const photos = photosFor(network, 1);
  const weights = new Map(
    [...weightsFor(network)].map(([name, { shape, data }]) => [name, tensor(shape, data.map(() => 1))]),
  );
  await assertComputes(integers, network, { ...photos, data: photos.data.map(() => 1) }, weights);
});

testIntegers("both mini backbones in integers stay close to PyTorch's features", async (integers) => {
  for (const file of embeddedGoldens().filter(({ size }) => size === "mini")) {
    const { network, weights, input, features } = await readGolden(file);
    const outputs = ["features"];
    const ranges = await integers.measureRanges(network, weights, outputs, [input]);
    const compiled = await integers.compile(network, weights, outputs, ranges);
    const results = entryOf(await compiled.run(input), "features", "an output");
    await compiled.close();
    assertEquals(results.shape, features.shape);
    for (let row = 0; row < features.shape[0]; row++) {
      const cosine = cosineOf(rowOf(results, row).data, rowOf(features, row).data);
      assert(cosine > 0.98, `the cosine of photo ${row} in ${file.name} is ${cosine}`);
    }
  }
});

function cosineOf(a: Float32Array, b: Float32Array): number {
  const dot = (x: Float32Array, y: Float32Array) => x.reduce((sum, value, k) => sum + value * y[k], 0);
  return dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
}
