import { assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { inceptionV3 } from "../../../../model/networks/backbones/inception_v3.ts";
import type { Network, Row } from "../../../../model/networks/layers.ts";
import { inputsOf, outputShape, partOf, shapesOf } from "../../../../model/networks/network.ts";
import { tensorShapes } from "../../../../model/networks/network_tensors.ts";
import { resnet50 } from "../../../../model/networks/backbones/resnet50.ts";

const CONVOLUTION = {
  kind: "convolution",
  name: "c",
  norm: "n",
  input: "input",
  output: "c",
  inputChannels: 3,
  outputChannels: 8,
  kernel: [3, 3],
  stride: [2, 2],
  padding: [0, 0],
  relu: true,
} as const satisfies Row;

const PHOTO = { channels: 3, height: 7, width: 9 };

function networkOf(rows: Row[], output: string): Network {
  return { architecture: "resnet50", input: "input", inputShape: PHOTO, rows, output, epsilon: 1e-5 };
}

Deno.test("outputShape() agrees with sliding the window by hand", () => {
  const extent = fc.integer({ min: 1, max: 40 });
  const small = fc.integer({ min: 1, max: 7 });
  fc.assert(fc.property(extent, extent, small, small, fc.nat(3), (height, width, kernel, stride, padding) => {
    fc.pre(kernel <= Math.min(height, width) + 2 * padding);
    const positions = (length: number) => {
      let count = 0;
      for (let at = -padding; at + kernel <= length + padding; at += stride) count++;
      return count;
    };
    const row: Row = {
      ...{ kind: "max_pool", input: "input", output: "p" },
      ...{ kernel: [kernel, kernel], stride: [stride, stride], padding: [padding, padding] },
    };
    assertEquals(outputShape(row, [{ channels: 5, height, width }]), {
      channels: 5,
      height: positions(height),
      width: positions(width),
    });
  }));
});

Deno.test("outputShape() keeps height and width apart", () => {
  const row: Row = { ...CONVOLUTION, kernel: [1, 7], stride: [1, 2], padding: [0, 3] };
  assertEquals(outputShape(row, [PHOTO]), { channels: 8, height: 7, width: 5 });
});

Deno.test("outputShape() refuses inputs that do not fit", () => {
  const refuse = (row: Row, inputs: { channels: number; height: number; width: number }[], message: string) =>
    assertThrows(() => outputShape(row, inputs), RangeError, message);
  refuse(CONVOLUTION, [{ ...PHOTO, channels: 4 }], "Cannot compute c (convolution): expected 3 input channels, got 4");
  refuse(CONVOLUTION, [{ ...PHOTO, height: 2 }], "expected an input that a 3x3 window fits, got 3x2x9");
  refuse({ ...CONVOLUTION, residual: "r" }, [PHOTO, PHOTO], "expected a residual of 8x3x4, got 3x7x9");
  refuse(
    { kind: "concatenate", inputs: ["a", "b"], output: "c" },
    [PHOTO, { ...PHOTO, width: 8 }],
    "expected inputs of 7x9, got 3x7x8",
  );
});

Deno.test("shapesOf() refuses rows that are no network", () => {
  assertThrows(
    () => shapesOf(networkOf([{ ...CONVOLUTION, input: "later" }], "c")),
    RangeError,
    'Cannot find what c reads: expected a name that is known, got "later"',
  );
  assertThrows(() => shapesOf(networkOf([CONVOLUTION, CONVOLUTION], "c")), RangeError, "written once");
  assertThrows(() => shapesOf(networkOf([CONVOLUTION], "features")), RangeError, 'got "features"');
});

const CUTS = [
  { network: resnet50({ width: 1 / 8 }), cutPoint: "layer3" },
  { network: inceptionV3({ width: 1 / 8 }), cutPoint: "Mixed_6e" },
];

for (const { network, cutPoint } of CUTS) {
  Deno.test(`partOf() cuts ${network.architecture} at ${cutPoint} into two halves that make the whole`, () => {
    const frozen = partOf(network, network.input, cutPoint);
    const tuned = partOf(network, cutPoint, network.output);
    assertEquals([...frozen.rows, ...tuned.rows], network.rows);
    const shapes = shapesOf(network);
    assertEquals(tuned.inputShape, shapes.get(cutPoint));
    assertEquals(shapesOf(tuned).get("features"), shapes.get("features"));
    assertEquals(tensorShapes(frozen).size + tensorShapes(tuned).size, tensorShapes(network).size);
  });
}

Deno.test("partOf() leaves out what its end does not need", () => {
  const stem = partOf(inceptionV3(), "input", "Mixed_5b.branch1x1");
  assertEquals(stem.rows.filter(({ output }) => output.startsWith("Mixed_5b")).length, 1);
});

Deno.test("partOf() refuses a value that is not all that the rest reads", () => {
  assertThrows(
    () => partOf(resnet50(), "layer1.0.conv2", "features"),
    RangeError,
    'expected rows that read "layer1.0.conv2" alone, got input as well',
  );
  assertThrows(() => partOf(resnet50(), "layer5", "features"), RangeError, 'got "layer5"');
});

Deno.test("inputsOf() gives every value that a row reads", () => {
  assertEquals(inputsOf({ ...CONVOLUTION, residual: "r" }), ["input", "r"]);
  assertEquals(inputsOf(CONVOLUTION), ["input"]);
});
