import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { entryOf } from "../../../../../../data/base/entry_of.ts";
import {
  add,
  gatherRows,
  input,
  matMul,
  maximum,
  multiply,
  relu,
  reshape,
  scalar,
  sum,
} from "../../../../../../model/autograd/operations.ts";
import { requestGpuDevice } from "../../../../../../model/engines/gpu/gpu_adapter.ts";
import { GpuErrors } from "../../../../../../model/engines/gpu/gpu_errors.ts";
import { Device } from "../../../../../../model/engines/webgpu/device/device.ts";
import { Readback } from "../../../../../../model/engines/webgpu/device/readback.ts";
import { DeviceGraph } from "../../../../../../model/engines/webgpu/training/device_graph.ts";
import { DeviceTensors } from "../../../../../../model/engines/webgpu/training/device_tensors.ts";
import { sizeOf, type TensorMap } from "../../../../../../model/tensor.ts";
import { type RandomGraph, randomGraphs } from "../../../../../unit/model/autograd/random_graph.ts";
import { interpretAll, type Numbers } from "../../../../../unit/model/autograd/reference_interpreter.ts";
import { assertClose } from "../../../training/golden_files.ts";
import { wave } from "../../awkward_network.ts";
import { limitedAdapter } from "../../gpu/limited_adapter.ts";
import { found, testOnGpu } from "../../gpu/test_on_gpu.ts";

/** Sums of numbers that cancel leave errors of this order in 32 bits. */
const TOLERANCE = 1e-4;

/** Runs a graph twice, its state going on from the first run, and compares all of it with the plain interpreter. */
async function assertComputes(errors: GpuErrors, graph: RandomGraph): Promise<void> {
  const { results, nextState, inputs } = graph;
  const device = new Device(errors, "a device", "f32");
  const shapes = new Map([...inputs].map(([name, { shape }]) => [name, shape]));
  const tensors = new DeviceTensors(device, shapes);
  const readback = new Readback(device);
  const onDevice = new DeviceGraph(device, "a graph", graph, tensors, readback);
  let held: ReadonlyMap<string, Numbers> = inputs;
  try {
    for (const given of [toTensors(inputs), new Map()]) {
      const expected = interpretAll(new Map([...results, ...nextState]), held);
      const floats = await onDevice.run(given, [...results.keys()]);
      for (const [k, name] of [...results.keys()].entries()) compare(floats[k], expected, name);
      const state = await tensors.read(new Map([...nextState].map(([name, { shape }]) => [name, shape])));
      for (const [name, { data }] of state) compare(data, expected, name);
      held = new Map([
        ...held,
        ...[...nextState.keys()].map((name) => [name, entryOf(expected, name, "a state")] as const),
      ]);
    }
  } finally {
    onDevice.destroy();
    tensors.destroy();
    readback.destroy();
  }
}

function compare(actual: Float32Array, expected: ReadonlyMap<string, Numbers>, name: string): void {
  const { data } = entryOf(expected, name, "a value");
  // The one keeps values that are all zero comparable.
  assertClose([...actual, 1], [...data, 1], TOLERANCE, name);
}

function toTensors(inputs: ReadonlyMap<string, Numbers>): TensorMap {
  return new Map([...inputs].map(([name, { shape, data }]) => [name, { shape, data: Float32Array.from(data) }]));
}

testOnGpu("run() computes what a graph means, its state in place, whatever the graph", async (_, errors) => {
  await fc.assert(fc.asyncProperty(randomGraphs(), (graph) => assertComputes(errors, graph)), {
    numRuns: 25,
    endOnFailure: true,
  });
});

function numbers(shape: readonly number[], phase: number): Numbers {
  return { shape, data: Float64Array.from({ length: sizeOf(shape) }, (_, k) => Math.fround(wave(k + phase))) };
}

/** Just over a million products, with edges that no tile divides: enough for tiles in workgroup memory. */
const LARGE: readonly (readonly [rows: number, columns: number, depth: number])[] = [[131, 66, 125], [7, 1030, 147]];

for (const [transposeA, transposeB] of [[false, false], [false, true], [true, false], [true, true]]) {
  testOnGpu(`run() multiplies large matrices, transposed: ${transposeA}, ${transposeB}`, async (_, errors) => {
    for (const [rows, columns, depth] of LARGE) {
      const shapes = [transposeA ? [depth, rows] : [rows, depth], transposeB ? [columns, depth] : [depth, columns]];
      const [a, b] = shapes.map((shape, k) => input(`${k}`, shape));
      const product = relu(add(matMul(a, b, { transposeA, transposeB }), input("bias", [columns])));
      const inputs = new Map([...shapes.map((shape, k) => [`${k}`, numbers(shape, 1000 * k)] as const), [
        "bias",
        numbers([columns], 7),
      ]]);
      await assertComputes(errors, { results: new Map([["product", product]]), nextState: new Map(), inputs });
    }
  });
}

/** What WebGPU grants everywhere, in its mode for old devices. */
const LEAST_LIMITS = {
  maxStorageBuffersPerShaderStage: 8,
  maxComputeWorkgroupStorageSize: 16384,
  maxComputeInvocationsPerWorkgroup: 128,
  maxComputeWorkgroupSizeX: 128,
};

testOnGpu("run() keeps to the least limits of a device", async () => {
  assert(found !== undefined);
  const errors = new GpuErrors(await requestGpuDevice(limitedAdapter(found, { limits: LEAST_LIMITS })));
  const [a, b] = [input("a", [131, 125]), input("b", [125, 66])];
  const product = matMul(a, b);
  const inputs = new Map([["a", numbers(a.shape, 0)], ["b", numbers(b.shape, 1000)]]);
  const results = new Map([["product", product], ["sums", sum(product, [0])], ["all", sum(product, [0, 1])]]);
  await assertComputes(errors, { results, nextState: new Map(), inputs });
  errors.close();
});

testOnGpu(
  "run() multiplies batches of large matrices, and windows of pixels that are never written",
  async (_, errors) => {
    const [pixels, kernel, batch] = [
      input("pixels", [90, 23]),
      input("kernel", [69, 207]),
      input("batch", [3, 69, 90]),
    ];
    const rows = Int32Array.from({ length: 90 * 9 }, (_, k) => (k * 13) % 91 - 1);
    const windows = reshape(gatherRows(pixels, rows), [90, 207]);
    const product = matMul(windows, kernel, { transposeB: true });
    const results = new Map([["windows", product], ["batches", matMul(product, batch)], [
      "sums",
      sum(multiply(windows, windows), [0]),
    ]]);
    const shapes = { pixels: pixels.shape, kernel: kernel.shape, batch: batch.shape };
    const inputs = new Map(Object.entries(shapes).map(([name, shape], k) => [name, numbers(shape, 100 * k)]));
    await assertComputes(errors, { results, nextState: new Map(), inputs });
  },
);

testOnGpu("run() adds up few sums of many terms, many of few, and all there is", async (_, errors) => {
  const shapes = { tall: [999, 3], wide: [3, 999], many: [130, 3, 131] };
  const inputs = new Map(Object.entries(shapes).map(([name, shape], k) => [name, numbers(shape, 100 * k)]));
  const [tall, wide, many] = Object.entries(shapes).map(([name, shape]) => input(name, shape));
  const results = new Map([["tall", sum(tall, [0])], ["wide", sum(wide, [1])], ["many", sum(many, [1])], [
    "all",
    sum(tall, [0, 1]),
  ]]);
  await assertComputes(errors, { results, nextState: new Map(), inputs });
});

testOnGpu("run() keeps what is no number through a ReLU and a maximum", async (_, errors) => {
  const device = new Device(errors, "a device", "f32");
  const x = input("x", [3]);
  const tensors = new DeviceTensors(device, new Map([["x", [3]]]));
  const readback = new Readback(device);
  const [first, second] = [maximum(x, scalar(0)), maximum(scalar(0), x)];
  const results = new Map([["relu", relu(x)], ["first", first], ["second", second]]);
  const onDevice = new DeviceGraph(device, "a graph", { results, nextState: new Map() }, tensors, readback);
  const given = new Map([["x", { shape: [3], data: Float32Array.of(NaN, -1, 2) }]]);
  for (const kept of await onDevice.run(given, [...results.keys()])) assertEquals([...kept], [NaN, 0, 2]);
  onDevice.destroy();
  tensors.destroy();
  readback.destroy();
});
