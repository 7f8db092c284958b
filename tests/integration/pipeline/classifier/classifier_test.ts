import { assert, assertAlmostEquals, assertEquals, assertNotEquals } from "@std/assert";
import { chooseEngine } from "../../../../model/engines/choose.ts";
import { classifierOf } from "../../../../pipeline/classifier/classifier_of.ts";
import { predictStored } from "../../../../pipeline/classifier/predict_stored.ts";
import { readState } from "../../../../pipeline/classifier/state_file.ts";
import { NO_CUT_POINTS } from "../../../../pipeline/features/cut_points.ts";
import type { LabelledId } from "../../../../pipeline/photos/photo.ts";
import { probabilities } from "../../../../pipeline/predictions/logits.ts";
import { logLoss } from "../../../../pipeline/predictions/metrics.ts";
import { RECIPES } from "../../../../pipeline/settings/recipes.ts";
import { labelledPhotos, storedInMemory } from "../../../unit/pipeline/features/stored_in_memory.ts";
import { inFolder } from "../in_folder.ts";
import type { RefitTools } from "../../../../pipeline/classifier/classifier.ts";
import { fakeToolsWith } from "../runner/fake_tools.ts";

const PHOTOS = labelledPhotos(60);
const IDS = PHOTOS.map(({ id }) => id);
const SPLIT = { train: PHOTOS.slice(0, 40), validation: PHOTOS.slice(40) };

/** A recipe of each kind; the network learns faster than the write-up's, from a few photos at a time. */
const KINDS = [
  RECIPES["linear-probe"],
  { ...RECIPES.writeup, batchSize: 8, train: { epochs: 15, rate: 0.05 } },
];

/** Does some work with tools that have an engine, and backbones that nobody asks for. */
async function withTools(folder: string, work: (tools: RefitTools) => Promise<void>): Promise<void> {
  const { engine } = await chooseEngine("onnx");
  try {
    await work(fakeToolsWith(folder, {
      engine: () => Promise.resolve(engine),
      backbones: () => Promise.reject(new Error("no photo is sent through backbones here")),
    }));
  } finally {
    await engine.close();
  }
}

const flipped = ({ id, label }: LabelledId): LabelledId => ({ id, label: label === "cat" ? "dog" : "cat" });

for (const recipe of KINDS) {
  Deno.test(`a ${recipe.kind} keeps the state that it tells of, and predicts by it without a trainer`, () =>
    inFolder((folder) =>
      withTools(folder, async (tools) => {
        const classifier = classifierOf(recipe);
        const features = storedInMemory(IDS);
        const { fitted } = await classifier.fit(SPLIT, features, tools);
        const kept = fitted.states.find(({ name }) => name === fitted.kept);
        const least = Math.min(...fitted.states.map(({ validationLoss }) => validationLoss));
        assertEquals(kept?.validationLoss, least);

        const { groups } = features.index;
        const predictor = await classifier.open(await readState(tools.folder), "train", {
          ...tools,
          engine: async () => ({
            ...await tools.engine(),
            train: () => Promise.reject(new Error("Cannot train here")),
          }),
          groups,
        });
        const ids = SPLIT.validation.map(({ id }) => id);
        const transformed = { features, cutPoints: NO_CUT_POINTS };
        const logits = await predictStored({ ...predictor, batchSize: 7 }, transformed, "train", ids, tools)
          .finally(() => predictor.close());
        const predictions = probabilities(logits).map((pDog, k) => ({ label: SPLIT.validation[k].label, pDog }));
        assertAlmostEquals(logLoss(predictions), least, 1e-5);
        assert(least < 0.6, `${least} of a classifier that has learnt`);
      })
    ));

  Deno.test(`a ${recipe.kind} out of fold has not seen the photo's label, and in sample it has`, () =>
    inFolder((folder) =>
      withTools(folder, async (tools) => {
        const classifier = classifierOf(recipe);
        const features = storedInMemory(IDS);
        const folds = Uint8Array.from(PHOTOS, (_, k) => Math.floor(k / 2) % 3);
        const others = PHOTOS.map((photo, k) => folds[k] === 1 ? flipped(photo) : photo);
        const [before, after] = [
          await classifier.outOfFold({ photos: PHOTOS, folds }, features, tools),
          await classifier.outOfFold({ photos: others, folds }, features, tools),
        ];
        const ofFold = (logits: Float64Array, fold: number) => logits.filter((_, k) => folds[k] === fold);
        assertEquals(ofFold(after, 1), ofFold(before, 1));
        assertNotEquals(ofFold(after, 0), ofFold(before, 0));
        assertNotEquals(
          ofFold(await classifier.inSample(others, features, tools), 1),
          ofFold(await classifier.inSample(PHOTOS, features, tools), 1),
        );
      })
    ));
}

Deno.test("a linear probe's refit gives both validation losses, and is kept only where it has the lower one", () =>
  inFolder((folder) =>
    withTools(folder, async (tools) => {
      const classifier = classifierOf(RECIPES["linear-probe"]);
      const transformed = { features: storedInMemory(IDS), cutPoints: NO_CUT_POINTS };
      // Half of the dogs are called cats: a fit to them does worse than one to the photos as they are.
      const spoilt = { ...SPLIT, train: SPLIT.train.map((photo, k) => k % 4 === 1 ? flipped(photo) : photo) };
      for (const [first, second, better] of [[SPLIT, spoilt, "first fit"], [spoilt, SPLIT, "refit"]] as const) {
        await classifier.fit(first, transformed.features, tools);
        const start = await readState(tools.folder);
        const { fitted, counts } = await classifier.refit(second, start, transformed, tools);
        assertEquals(fitted.states.map(({ name }) => name), ["first fit", "refit"]);
        const [before, after] = fitted.states.map(({ validationLoss }) => validationLoss);
        assertEquals(fitted.kept, better);
        assertEquals(better === "refit", after < before);
        assertEquals(counts, { fits: 2, "refit kept": better === "refit" ? 1 : 0 });
        const kept = await readState(tools.folder);
        assertEquals(JSON.stringify([...kept]) === JSON.stringify([...start]), better === "first fit");
      }
    })
  ));
