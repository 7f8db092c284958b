import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { MINIMUM_CHANNEL, MINIMUM_MEAN } from "../../../../data/picture/facts/borders.ts";
import { FUSED_BACKBONES } from "../../../../model/networks/fused/fusion_net.ts";
import { networkOf } from "../../../../model/weights/backbone_description.ts";
import { describeOnnx, type OnnxFacts } from "../../../../pipeline/classifier/describe_onnx.ts";
import { entryOf } from "../../../../data/base/entry_of.ts";

const SHARED = { width: 0.25, mean: [0.1, 0.2, 0.3], std: [0.4, 0.5, 0.6], epsilon: 1e-5 } as const;
const BACKBONES = [
  { ...SHARED, architecture: "resnet50", inputSize: 96, strideIn: "3x3" },
  { ...SHARED, architecture: "inception_v3", inputSize: 107, countPadding: true, lastPool: "average" },
].map((description) => ({ description, network: networkOf(description), weights: new Map(), untrained: [] }));
const FACTS: OnnxFacts = {
  madeBy: "a program 1.2.3",
  recipe: "a recipe",
  weights: BACKBONES.map((_, k) => ({
    file: `${k}.safetensors`,
    sha256: "ab".repeat(32),
    licence: "MIT",
    from: "here",
  })),
  clip: 0.01,
};

Deno.test("describeOnnx() says of a file for photos that all is done inside, and of one for batches what is not", () => {
  const photo = describeOnnx("photo", BACKBONES, FACTS);
  const batches = describeOnnx("batches", BACKBONES, FACTS);
  for (const step of ["trim", "resize"]) {
    assertMatch(photo.metadata.get(step) ?? "", /^Done inside the file\. /);
    assertMatch(batches.metadata.get(step) ?? "", /^To be done before\. /);
  }
  for (const { metadata, input, output } of [photo, batches]) {
    assertMatch(metadata.get("normalise") ?? "", /^Done inside the file: /);
    assertMatch(input, /uint8.*red, green, blue, 0 to 255/);
    assertEquals([metadata.get("input"), metadata.get("output")], [input, output]);
  }
});

Deno.test("describeOnnx() gives the numbers of borders and the clip as they are", () => {
  const { metadata } = describeOnnx("batches", BACKBONES, FACTS);
  assertStringIncludes(entryOf(metadata, "trim", "an entry"), `${MINIMUM_CHANNEL} or more`);
  assertStringIncludes(entryOf(metadata, "trim", "an entry"), `${MINIMUM_MEAN} or more`);
  assertMatch(entryOf(metadata, "clip", "an entry"), /^Not done.* 0\.01 away/);
  assertEquals(JSON.parse(entryOf(metadata, "classes", "an entry")), ["cat", "dog"]);
});

Deno.test("describeOnnx() gives each backbone's size, normalisation and origin", () => {
  const { metadata } = describeOnnx("photo", BACKBONES, FACTS);
  for (const [k, { architecture }] of FUSED_BACKBONES.entries()) {
    const read = (what: string): unknown => JSON.parse(entryOf(metadata, `${architecture}.${what}`, "an entry"));
    assertEquals([read("size"), read("mean"), read("std")], [[96, 107][k], SHARED.mean, SHARED.std]);
    assertEquals(read("weights"), FACTS.weights[k]);
  }
  assert([...metadata.values()].every((value) => value !== ""));
});
