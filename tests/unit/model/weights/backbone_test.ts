import { assert, assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { MOST_INPUT_SIZE } from "../../../../model/networks/backbones/backbone_kind.ts";
import { INCEPTION_V3 } from "../../../../model/networks/backbones/inception_v3.ts";
import * as resnet50 from "../../../../model/networks/backbones/resnet50.ts";
import { BackboneDescription, networkOf } from "../../../../model/weights/backbone_description.ts";
import { shapesOf } from "../../../../model/networks/network.ts";
import { tensorShapes } from "../../../../model/networks/network_tensors.ts";
import { type StoredArray, storedTensor, writeSafetensors } from "../../../../model/weights/safetensors.ts";
import { SafetensorsError } from "../../../../model/weights/safetensors_header.ts";
import { sizeOf } from "../../../../model/tensor.ts";
import { loadBackbone, WeightsError } from "../../../../model/weights/backbone.ts";

const COMMON = { width: 1 / 16, inputSize: 96, mean: [0.4, 0.5, 0.6], std: [0.2, 0.2, 0.3] } as const;
const RESNET50: BackboneDescription = {
  ...COMMON,
  architecture: "resnet50",
  mean: [...COMMON.mean],
  std: [...COMMON.std],
  epsilon: 1e-5,
  strideIn: "1x1",
};
const INCEPTION = { ...COMMON, architecture: "inception_v3", epsilon: 1e-3, countPadding: true, lastPool: "max" };
const METADATA = {
  architecture: "resnet50",
  variant: "keras-v1",
  width: "0.0625",
  input_size: "96",
  input_mean: "[0.4, 0.5, 0.6]",
  input_std: "[0.2, 0.2, 0.3]",
  batch_norm_eps: "1e-5",
};

/** Everything that the smallest ResNet50 needs: one half, kernels in float16. */
function arraysOf(description: BackboneDescription): Map<string, StoredArray> {
  const arrays = new Map<string, StoredArray>();
  for (const [name, shape] of tensorShapes(networkOf(description))) {
    const values = { shape, data: new Float32Array(sizeOf(shape)).fill(0.5) };
    arrays.set(name, storedTensor(values, shape.length === 4 ? "F16" : "F32"));
  }
  return arrays;
}

/** What a file with these arrays is refused for. */
function problemsOf(arrays: ReadonlyMap<string, StoredArray>, metadata: Record<string, string> = METADATA): string[] {
  const error = assertThrows(() => loadBackbone(writeSafetensors(arrays, metadata)), WeightsError);
  for (const problem of error.problems.slice(0, 8)) assertStringIncludes(error.message, problem);
  return [...error.problems];
}

Deno.test("loadBackbone() takes what the metadata says of the weights", () => {
  const backbone = loadBackbone(writeSafetensors(arraysOf(RESNET50), METADATA));
  assertEquals(backbone.description, RESNET50);
  assertEquals(backbone.network, networkOf(RESNET50));
  assertEquals([...backbone.weights.keys()], [...tensorShapes(backbone.network).keys()]);
  assert(backbone.weights.get("layer1.0.conv1.weight")?.data.every((value) => value === 0.5));
  assertEquals(backbone.untrained, []);
});

Deno.test("loadBackbone() lets the caller overrule the metadata", () => {
  const description: BackboneDescription = { ...RESNET50, strideIn: "3x3" };
  const backbone = loadBackbone(writeSafetensors(arraysOf(RESNET50), METADATA), description);
  assertEquals(backbone.description, description);
  assertEquals(backbone.network, networkOf(description));
});

Deno.test("loadBackbone() drops classifiers and counters by name", () => {
  const arrays = arraysOf(RESNET50);
  const one = storedTensor({ shape: [1], data: Float32Array.of(NaN) });
  for (const name of ["fc.weight", "fc.bias"]) arrays.set(name, one);
  arrays.set("bn1.num_batches_tracked", { dtype: "I64", shape: [], data: BigInt64Array.of(9n) });
  assertEquals(loadBackbone(writeSafetensors(arrays, METADATA)).weights.size, 265);
  const inception = BackboneDescription.parse(INCEPTION);
  const auxiliary = new Map(arraysOf(inception)).set("AuxLogits.conv0.conv.weight", one);
  assertEquals(loadBackbone(writeSafetensors(auxiliary, {}), inception).weights.size, 470);
});

Deno.test("loadBackbone() says all that is wrong at once", () => {
  const arrays = arraysOf(RESNET50);
  const set = (name: string, shape: number[], ...values: number[]) => {
    const data = new Float32Array(sizeOf(shape)).fill(0.5);
    data.set(values);
    arrays.set(name, storedTensor({ shape, data }));
  };
  arrays.delete("layer3.5.bn2.bias");
  arrays.delete("layer4.0.downsample.0.weight");
  set("fc2.weight", [1]);
  set("layer5.0.conv1.weight", [1]);
  set("conv1.weight", [4, 3, 5, 5]);
  set("bn1.bias", [4], 1, NaN);
  set("bn1.weight", [4], 1, 2, -Infinity);
  set("bn1.running_var", [4], -1);
  arrays.set("bn1.running_mean", { dtype: "I32", shape: [4], data: new Int32Array(4) });
  assertEquals(problemsOf(arrays), [
    "2 missing (layer3.5.bn2.bias, layer4.0.downsample.0.weight)",
    "2 not known (fc2.weight, layer5.0.conv1.weight)",
    "conv1.weight should be [4,3,7,7] at width 0.0625 but is [4,3,5,5]",
    "bn1.weight holds a value that is not finite",
    "bn1.bias holds a value that is not finite",
    "bn1.running_mean should hold F32, F16 or BF16 but holds I32",
    "bn1.running_var holds a negative variance",
  ]);
});

Deno.test("loadBackbone() refuses another architecture's or another width's weights", () => {
  const asInception = { ...METADATA, architecture: "inception_v3", variant: "torchvision" };
  const [missing, notKnown] = problemsOf(arraysOf(RESNET50), asInception);
  assertStringIncludes(missing, "470 missing (Conv2d_1a_3x3.conv.weight, ");
  assertStringIncludes(notKnown, "265 not known (");
  assertStringIncludes(problemsOf(arraysOf(RESNET50), { ...METADATA, width: "0.125" })[0], "should be [8,3,7,7]");
});

Deno.test("loadBackbone() knows the untrained kernels by name", () => {
  const untrained = (names: string) => ({ ...METADATA, untrained: names });
  const name = "layer4.2.conv2.weight";
  const backbone = loadBackbone(writeSafetensors(arraysOf(RESNET50), untrained(`["${name}"]`)));
  assertEquals(backbone.untrained, [name]);
  assertEquals(problemsOf(arraysOf(RESNET50), untrained('["layer9"]')), ["1 called untrained but not known (layer9)"]);
  const malformed = writeSafetensors(arraysOf(RESNET50), untrained("layer4"));
  assertThrows(() => loadBackbone(malformed), RangeError, "expected a list in JSON, got layer4");
});

Deno.test("loadBackbone() refuses a file that nobody describes, naming what is missing", () => {
  const bytes = writeSafetensors(arraysOf(RESNET50), { format: "pt" });
  assertThrows(() => loadBackbone(bytes), RangeError, "Cannot tell what the weights are for");
  const { input_size: _, input_std: __, ...some } = METADATA;
  const error = assertThrows(() => loadBackbone(writeSafetensors(arraysOf(RESNET50), some)), RangeError);
  for (const key of ["input_size", "input_std"]) assertStringIncludes(error.message, key);
});

Deno.test("loadBackbone() refuses an unknown variant and numbers that are none", () => {
  const refuse = (metadata: Record<string, string>, key: string) => {
    const bytes = writeSafetensors(arraysOf(RESNET50), { ...METADATA, ...metadata });
    assertThrows(() => loadBackbone(bytes), RangeError, key);
  };
  refuse({ variant: "tf-2015" }, "variant");
  refuse({ batch_norm_eps: "small" }, "epsilon");
  refuse({ input_mean: "[0.5]" }, "mean");
  refuse({ input_std: "[0, 1, 1]" }, "std");
  refuse({ width: "-1" }, "width");
});

Deno.test("loadBackbone() refuses numbers out of all reason, saying what is accepted", () => {
  const cases: [key: string, values: string[], accepted: string][] = [
    [
      "input_size",
      ["1", "31", "1025", "3000", "20000", "1e9", "-224", "Infinity"],
      "inputSize: expected 32 to 1024 pixels",
    ],
    ["width", ["0", "2.0625", "1e9", "Infinity"], "width: expected 0.0625 to 2,"],
    ["batch_norm_eps", ["0", "1e30", "NaN"], "epsilon: expected 1e-12 to 1,"],
    ["input_mean", ["[0.5, 0.5, 1e30]", "[-1, 0, 0]"], "expected 0 to 1,"],
    ["input_std", ["[1e-30, 1, 1]", "[1, 1, 1e30]"], "expected 0.001 to 1000,"],
    ["input_mean", ["[[[0.5]]]", "[".repeat(1_000_000), "x".repeat(1_000_000)], "expected a list in JSON, got "],
  ];
  for (const [key, values, accepted] of cases) {
    for (const value of values) {
      const bytes = writeSafetensors(arraysOf(RESNET50), { ...METADATA, [key]: value });
      const { message } = assertThrows(() => loadBackbone(bytes), RangeError, accepted);
      assert(message.length < 400, message.slice(0, 1000));
    }
  }
});

Deno.test("BackboneDescription takes the sizes at which a network has a last map, and no smaller one", () => {
  for (const description of [INCEPTION, RESNET50]) {
    const least = description === RESNET50 ? resnet50.RESNET50.leastInputSize : INCEPTION_V3.leastInputSize;
    for (const inputSize of [least, MOST_INPUT_SIZE]) {
      const shapes = shapesOf(networkOf(BackboneDescription.parse({ ...description, inputSize })));
      assert((shapes.get("layer4") ?? shapes.get("Mixed_7c"))?.height);
    }
    for (const inputSize of [least - 1, MOST_INPUT_SIZE + 1, least + 0.5]) {
      assertEquals(BackboneDescription.safeParse({ ...description, inputSize }).success, false);
    }
  }
  assertThrows(() => shapesOf(networkOf({ ...BackboneDescription.parse(INCEPTION), inputSize: 74 })), RangeError);
});

Deno.test("loadBackbone() cuts long lists, and long names in them", () => {
  const arrays = arraysOf(RESNET50);
  const one: StoredArray = { dtype: "U8", shape: [1], data: new Uint8Array(1) };
  arrays.set("0".repeat(100_000), one);
  for (let index = 1; index < 9998; index++) arrays.set(`extra.${index}`, one);
  const untrained = JSON.stringify(Array.from({ length: 9998 }, (_, index) => `untrained.${index}`));
  const bytes = writeSafetensors(arrays, { ...METADATA, untrained });
  const { message } = assertThrows(() => loadBackbone(bytes), WeightsError, "9998 not known (");
  assertEquals(message.match(/and 9,990 more/g)?.length, 2);
  assert(message.length < 1000, message.slice(0, 2000));
});

Deno.test("loadBackbone() refuses what is no safetensors file", () => {
  assertThrows(() => loadBackbone(new TextEncoder().encode("<html>not found</html>")), SafetensorsError);
});
