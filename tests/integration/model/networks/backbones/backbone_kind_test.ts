import { assert, assertEquals, assertThrows } from "@std/assert";
import { z } from "zod";
import { entryOf } from "../../../../../data/base/entry_of.ts";
import { backboneKind } from "../../../../../model/networks/backbones/backbone_kind.ts";
import { BACKBONES } from "../../../../../model/networks/backbones/backbones.ts";
import { conv2d, square } from "../../../../../model/networks/conv2d.ts";
import { tensor } from "../../../../../model/tensor.ts";
import { loadBackbone } from "../../../../../model/weights/backbone.ts";
import { networkOf } from "../../../../../model/weights/backbone_description.ts";
import { storedTensor, writeSafetensors } from "../../../../../model/weights/safetensors.ts";
import { wave, weightsFor } from "../../engines/awkward_network.ts";
import { testEachEngine } from "../../engines/engines_here.ts";
import { runPlainly } from "../../engines/plain_rows.ts";
import { assertClose } from "../../training/golden_files.ts";

/** A third backbone, all of it: two rows, and a stride in which its published weights differ. */
const GLANCE = backboneKind({
  architecture: "glance",
  leastInputSize: 8,
  fields: { stride: z.literal([1, 2]) },
  variants: { "careful": { stride: 1 }, "quick": { stride: 2 } },
  besides: ["classifier."],
  network: ({ width, inputSize, epsilon, stride }) => ({
    architecture: "glance",
    input: "input",
    inputShape: { channels: 3, height: inputSize, width: inputSize },
    rows: [
      conv2d(3, 16 * width, square(3, stride, 1), { name: "look", norm: "look_norm", input: "input" }),
      { kind: "global_average", input: "look", output: "features" },
    ],
    output: "features",
    epsilon,
  }),
});
const KINDS = [...BACKBONES, GLANCE];

const METADATA = {
  architecture: "glance",
  variant: "quick",
  width: "0.25",
  input_size: "10",
  input_mean: "[0.4, 0.5, 0.6]",
  input_std: "[0.2, 0.2, 0.3]",
  batch_norm_eps: "1e-3",
};
const DESCRIPTION = GLANCE.description.parse({
  architecture: "glance",
  width: 1 / 4,
  inputSize: 10,
  mean: [0.4, 0.5, 0.6],
  std: [0.2, 0.2, 0.3],
  epsilon: 1e-3,
  stride: 2,
});

/** A file of its weights as it might be published: with a classifier. */
function published(metadata: Record<string, string> = {}): Uint8Array {
  const tensors = [
    ...weightsFor(networkOf(DESCRIPTION, KINDS)),
    ["classifier.bias", tensor([1], Float32Array.of(NaN))] as const,
  ];
  const arrays = new Map(tensors.map(([name, values]) => [name, storedTensor(values)]));
  return writeSafetensors(arrays, { ...METADATA, ...metadata });
}

testEachEngine(
  (name) => `a further backbone is loaded, and run on ${name}, by what its own file says`,
  async (engine) => {
    const { description, network, weights } = loadBackbone(published(), undefined, KINDS);
    assertEquals(description, DESCRIPTION);
    assertEquals(weights.size, 5);
    const photos = tensor([1, 3, 10, 10], Float32Array.from({ length: 300 }, (_, k) => wave(k)));
    const compiled = await engine.compile(network, weights, ["features"]);
    const features = entryOf(await compiled.run(photos), "features", "an output");
    await compiled.close();
    assertEquals(features.shape, [1, 4]);
    const expected = entryOf(runPlainly(network, weights, photos), "features", "an output");
    assert(expected.some((value) => value > 0));
    assertClose(features.data, expected, 1e-5, "features");
  },
);

Deno.test("a further backbone's variants, sizes and fields are held like the others'", () => {
  const refuse = (metadata: Record<string, string>, message: string) =>
    assertThrows(() => loadBackbone(published(metadata), undefined, KINDS), RangeError, message);
  refuse({ variant: "torchvision" }, 'variant: Invalid option: expected one of "careful"|"quick"');
  refuse({ input_size: "7" }, "inputSize: expected 8 to 1024 pixels, got 7");
  refuse({ architecture: "resnet50" }, 'variant: Invalid option: expected one of "torchvision"|"keras-v1"');
  const { stride: _, ...incomplete } = DESCRIPTION;
  assertThrows(
    () => networkOf(incomplete, KINDS),
    RangeError,
    "Cannot build glance: expected a description of it, got stride: ",
  );
});

Deno.test("a backbone that is not in the list is not known", () => {
  assertThrows(() => loadBackbone(published()), RangeError, "Cannot tell what the weights are for");
  assertThrows(() => loadBackbone(published(), DESCRIPTION), RangeError, "Cannot find a backbone");
});
