import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { inceptionV3 } from "../../../../../model/networks/backbones/inception_v3.ts";
import { scaledInputSize } from "../../../../../model/networks/fused/input_scales.ts";
import { shapesOf } from "../../../../../model/networks/network.ts";
import { resnet50 } from "../../../../../model/networks/backbones/resnet50.ts";

Deno.test("scaledInputSize() leaves a scale of 1 the weights' own size", () => {
  fc.assert(fc.property(fc.integer({ min: 32, max: 1000 }), (size) => scaledInputSize(size, 1) === size));
});

Deno.test("scaledInputSize() gives the sizes of both sets of weights at a quarter more", () => {
  assertEquals([112, 147, 224, 299].map((size) => scaledInputSize(size, 1.25)), [144, 179, 288, 363]);
});

Deno.test("scaledInputSize() goes whole strides from the own size, as near to the scale as they come", () => {
  fc.assert(
    fc.property(fc.integer({ min: 75, max: 400 }), fc.double({ min: 1, max: 2, noNaN: true }), (size, scale) => {
      const scaled = scaledInputSize(size, scale);
      assertEquals((scaled - size) % 32, 0);
      assert(Math.abs(scaled - size * scale) <= 16 + 1e-9);
    }),
  );
});

Deno.test("scaledInputSize() gives the last layers a position more for every stride", () => {
  for (const [network, size, last] of [[resnet50, 224, "layer4"], [inceptionV3, 299, "Mixed_7c"]] as const) {
    const positions = (scale: number) => {
      const inputSize = scaledInputSize(size, scale);
      return { inputSize, height: shapesOf(network({ inputSize })).get(last)?.height ?? NaN };
    };
    const [own, larger] = [positions(1), positions(1.25)];
    assertEquals((larger.inputSize - own.inputSize) / 32, larger.height - own.height);
  }
});
