import { assert, assertAlmostEquals, assertEquals, assertLess } from "@std/assert";
import { entryOf } from "../../../../data/base/entry_of.ts";
import { batchTransform } from "../../../../data/picture/batches/batch_transform.ts";
import { groupSource } from "../../../../model/networks/fused/group_source.ts";
import { photoSizes } from "../../../../pipeline/features/extract/extracted_batches.ts";
import { randomFrom } from "../../../../data/random.ts";
import { chooseEngine } from "../../../../model/engines/choose.ts";
import type { CompileOptions, Engine } from "../../../../model/engines/engine.ts";
import type { BackboneRanges } from "../../../../pipeline/features/precision/backbone_ranges.ts";
import { measureRanges } from "../../../../pipeline/features/precision/measure_ranges.ts";
import { initialHead } from "../../../../model/networks/fused/head.ts";
import { namedGroups, selectGroups } from "../../../../pipeline/features/store/feature_groups.ts";
import { type Tensor, tensor, type TensorMap } from "../../../../model/tensor.ts";
import type { Backbone } from "../../../../model/weights/backbone.ts";
import { fusedNetwork, fusedState } from "../../../../pipeline/classifier/fusion_network/fused_network.ts";
import { EvidenceReader } from "../../../../pipeline/evidence/evidence_reader.ts";
import { featureGroups } from "../../../../pipeline/features/extract/feature_extractor.ts";
import type { LinearProbeRecipe, Recipe } from "../../../../pipeline/settings/recipe.ts";
import { RECIPES } from "../../../../pipeline/settings/recipes.ts";
import { TrainedClassifier } from "../../../../pipeline/trained/trained_classifier.ts";
import { openBackbones } from "../../../../pipeline/weights/open_backbones.ts";
import { asSharp, bordered } from "../../data/picture/pictures.ts";

const BOX = { left: 20, top: 10, width: 160, height: 120 };

/** A textured picture in a white border. */
async function pictureBytes(): Promise<Uint8Array> {
  return new Uint8Array(await asSharp(bordered(200, 150, BOX)).png().toBuffer());
}

/** A picture of one grey, but for one quarter. */
async function quarterPicture(): Promise<Uint8Array> {
  const { width, height, data } = bordered(200, 200, { left: 100, top: 0, width: 100, height: 100 });
  for (let k = 0; k < width * height; k++) {
    if (k % width < 100 || k >= 100 * width) data.fill(124, 3 * k, 3 * k + 3);
  }
  return new Uint8Array(await asSharp({ width, height, data }).png().toBuffer());
}

/** A probe's state that knows nothing. */
function randomProbe(recipe: LinearProbeRecipe, backbones: readonly Backbone[]): TensorMap {
  const random = randomFrom(3, "a probe");
  const state = new Map<string, Tensor>();
  for (const { name, width } of namedGroups(featureGroups(backbones), recipe.groups)) {
    state.set(`${name}.weight`, tensor([width], Float32Array.from({ length: width }, () => 20 * (random() - 0.5))));
    state.set(`${name}.bias`, tensor([1], Float32Array.of(random())));
  }
  return state;
}

/** The ranges that the backbones' values have for the picture. */
async function rangesOfPicture(engine: Engine, backbones: readonly Backbone[]): Promise<BackboneRanges> {
  const bytes = await pictureBytes();
  const read = () => Promise.resolve(bytes);
  const photo = { set: "train", id: "a", name: "a", sha256: "a", bytes: bytes.length, box: BOX, read } as const;
  assert(engine.integers !== undefined);
  const meter = { integers: engine.integers, backbones, batchSize: 1, signal: new AbortController().signal };
  return { ...await measureRanges([photo], meter), hash: "", text: "" };
}

/** Reads evidence by a recipe, beside what the trained classifier says. */
async function withReader(
  recipe: Recipe,
  stateOf: (backbones: readonly Backbone[]) => TensorMap,
  test: (reader: EvidenceReader, classifier: TrainedClassifier) => Promise<void>,
  inIntegers = false,
): Promise<void> {
  const { engine } = await chooseEngine("onnx");
  const jobs: (CompileOptions | undefined)[] = [];
  const compile: Engine["compile"] = (...job) => {
    jobs.push(job[3]);
    return engine.compile(...job);
  };
  try {
    const backbones = await openBackbones("mini", recipe.inputScales);
    const tools = {
      engine: () => Promise.resolve({ ...engine, compile }),
      backbones: () => Promise.resolve(backbones),
    };
    const state = stateOf(backbones);
    const ranges = inIntegers ? await rangesOfPicture(engine, backbones) : undefined;
    const reader = await EvidenceReader.open(recipe, state, tools, ranges);
    const classifier = await TrainedClassifier.open({ hyperparameters: recipe, trimTest: true }, state, tools, ranges);
    await test(reader, classifier);
    // What only predicts spends no time on finding out how a GPU is fastest.
    assertEquals(jobs.filter((job) => job?.longJob), []);
    await classifier.close();
    await reader.close();
  } finally {
    await engine.close();
  }
}

const linear = RECIPES["linear-probe"];
const EVERY_SUMMARY: LinearProbeRecipe = {
  ...linear,
  hellinger: true,
  groups: [
    "resnet.features",
    "inception.features",
    "resnet.layer4.windows",
    "resnet.layer4.global_max",
    "inception.Mixed_7b.global_average",
    "inception.Mixed_6e.global_max",
  ],
};

for (
  const [name, recipe, inIntegers] of [
    ["the default recipe", linear, false],
    ["the default recipe in 8-bit integers", linear, true],
    ["a probe on every kind of summary", EVERY_SUMMARY, false],
  ] as const
) {
  Deno.test(`evidence by ${name} sums to the logit of the trained classifier`, () =>
    withReader(recipe, (backbones) => randomProbe(recipe, backbones), async (reader, classifier) => {
      const bytes = await pictureBytes();
      const { logit, pDog, map } = await reader.read({ name: "a", bytes, box: BOX, width: 200, height: 150 });
      const sum = map.values.reduce((sum, value) => sum + value, map.rest);
      assertLess(Math.abs(sum - logit), 1e-4);
      assertAlmostEquals(map.dog + map.cat + map.rest, logit, 1e-4);
      assertEquals([map.by, map.rows * map.columns, map.box], ["contributions", map.values.length, BOX]);
      const [[, predicted]] = await Array.fromAsync(
        classifier.predict([{ name: "a", read: () => Promise.resolve(bytes) }]),
      );
      assert(typeof predicted === "number");
      assertAlmostEquals(pDog, predicted, 1e-5);
    }, inIntegers));
}

Deno.test("the features by which evidence is told are the maxima of the maps in which it is placed", () =>
  withReader(linear, (backbones) => randomProbe(linear, backbones), async ({ extractor, groups, backbones }) => {
    const photo = { box: BOX, read: pictureBytes };
    const batching = { sizes: photoSizes(backbones), batchSize: 1 };
    const [{ inputs }] = await Array.fromAsync(batchTransform([photo], batching));
    const { extracted, values } = await extractor.extractWithValues(inputs);
    for (const name of linear.groups) {
      const { backbone, value } = groupSource(name, backbones.map(({ network }) => network));
      const { shape: [, channels, height, width], data } = entryOf(values[backbone], value, "a map");
      const maxima = Array.from({ length: channels }, (_, channel) => {
        return Math.max(...data.subarray(channel * height * width, (channel + 1) * height * width));
      });
      assertEquals([...selectGroups(extracted.features, groups, [name]).data], maxima);
    }
  }));

/** The share of a map, signs aside, that lies in its upper right quarter. */
function upperRight({ rows, columns, values }: { rows: number; columns: number; values: readonly number[] }): number {
  const isThere = (k: number) => Math.floor(k / columns) < rows / 2 && k % columns >= columns / 2;
  const sum = (some: readonly number[]) => some.reduce((total, value) => total + Math.abs(value), 0);
  return sum(values.filter((_, k) => isThere(k))) / sum(values);
}

Deno.test("evidence lies where a photo shows something", () =>
  withReader(linear, (backbones) => randomProbe(linear, backbones), async (reader) => {
    const bytes = await quarterPicture();
    const whole = { left: 0, top: 0, width: 200, height: 200 };
    const { map } = await reader.read({ name: "a", bytes, box: whole, width: 200, height: 200 });
    assert(upperRight(map) > 0.4, `${upperRight(map)}`);
  }));

Deno.test("evidence of the write-up's network is by occlusion, lies where something is, and tells what no part holds", () => {
  const recipe = RECIPES.writeup;
  const stateOf = (backbones: readonly Backbone[]) =>
    fusedState(backbones, initialHead(fusedNetwork(backbones).head, randomFrom(1, "a head")));
  return withReader(recipe, stateOf, async (reader, classifier) => {
    const bytes = await quarterPicture();
    const whole = { left: 0, top: 0, width: 200, height: 200 };
    const { logit, pDog, map } = await reader.read({ name: "a", bytes, box: whole, width: 200, height: 200 });
    assertEquals([map.by, map.rows, map.columns], ["occlusion", 6, 6]);
    assertAlmostEquals(map.values.reduce((sum, value) => sum + value, map.rest), logit, 1e-9);
    assert(upperRight(map) > 0.4, `${upperRight(map)}`);
    const [[, predicted]] = await Array.fromAsync(
      classifier.predict([{ name: "a", read: () => Promise.resolve(bytes) }]),
    );
    assert(typeof predicted === "number");
    assertAlmostEquals(pDog, predicted, 1e-5);
  });
});
