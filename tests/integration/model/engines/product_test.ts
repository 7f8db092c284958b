import { assertEquals, assertRejects } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import { tensor } from "../../../../model/tensor.ts";
import { assertClose } from "../training/golden_files.ts";
import { wave } from "./awkward_network.ts";
import { testEachEngine } from "./engines_here.ts";

function matrix(rows: number, width: number, phase: number) {
  return tensor([rows, width], Float32Array.from({ length: rows * width }, (_, k) => wave(k + phase)));
}

testEachEngine((name) => `product() on ${name} multiplies rows with rows, one of them and many`, async (engine) => {
  for (const [m, n, k] of [[1, 1, 1], [1, 33, 7], [5, 3, 64], [70, 65, 130]]) {
    const [a, b] = [matrix(m, k, 0), matrix(n, k, 1000)];
    const expected = Float64Array.from({ length: m * n }, (_, place) => {
      const [row, other] = [Math.floor(place / n), place % n];
      return a.data.subarray(row * k, (row + 1) * k).reduce((sum, value, j) => sum + value * b.data[other * k + j], 0);
    });
    const { shape, data } = await engine.product(a, b);
    assertEquals(shape, [m, n]);
    assertClose(data, expected, 1e-5, `[${m}, ${k}] and [${n}, ${k}]`);
    assertEquals([a, b], [matrix(m, k, 0), matrix(n, k, 1000)], "the inputs afterwards");
  }
});

testEachEngine((name) => `product() on ${name} refuses rows of different lengths`, async (engine) => {
  await assertRejects(
    async () => await engine.product(matrix(2, 3, 0), matrix(2, 4, 0)),
    RangeError,
    "Cannot multiply matrices: expected [m, k] and [n, k], got [2, 3] and [2, 4]",
  );
});

testEachEngine((name) => `product() on ${name} leaves nothing on the device`, async (engine) => {
  const before = tf.memory().numTensors;
  await engine.product(matrix(3, 5, 0), matrix(4, 5, 0));
  assertEquals(tf.memory().numTensors, before);
}, ["webgpu", "wasm", "cpu"]);
