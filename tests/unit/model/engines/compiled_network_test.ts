import { assertEquals, assertThrows } from "@std/assert";
import { batchOf, outputShapes } from "../../../../model/engines/compiled_network.ts";
import { resnet50 } from "../../../../model/networks/backbones/resnet50.ts";

const network = resnet50({ width: 1 / 16, inputSize: 32 });

Deno.test("outputShapes() gives pooled features without height and width", () => {
  assertEquals(
    outputShapes(network, ["features", "layer3"]),
    new Map([["features", [128]], ["layer3", [64, 2, 2]]]),
  );
});

Deno.test("outputShapes() refuses a value that no row writes", () => {
  assertThrows(() => outputShapes(network, ["layer5"]), RangeError, 'got "layer5"');
});

Deno.test("batchOf() counts photos", () => {
  assertEquals(batchOf(network, { shape: [3, 3, 32, 32], data: new Float32Array(3 * 3 * 32 * 32) }), 3);
});

Deno.test("batchOf() refuses no photos, other extents, and too few values", () => {
  for (
    const [shape, length] of [
      [[0, 3, 32, 32], 0],
      [[1, 3, 32, 31], 3 * 32 * 31],
      [[3, 32, 32], 3 * 32 * 32],
      [[1, 3, 32, 32], 3 * 32 * 32 - 1],
    ] as const
  ) {
    assertThrows(
      () => batchOf(network, { shape, data: new Float32Array(length) }),
      RangeError,
      "Cannot run resnet50: expected input of [batch, 3, 32, 32]",
    );
  }
});
