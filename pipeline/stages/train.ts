import { z } from "zod";
import { fusionHead } from "../../model/networks/fusion_net.ts";
import { initialHead } from "../../model/networks/head.ts";
import { featuresInMemory, fusedWidth } from "../features/fused_features.ts";
import { FeatureReader, TrainFeatureIndex } from "../features/feature_store.ts";
import { fitBlocks } from "../classifier/linear_probe.ts";
import { fit, fittedResult, UntimedFit } from "../classifier/fit.ts";
import { labelledIds } from "../photos/labelled_ids.ts";
import { ScannedTrainPhotos, SplitPhotos } from "../photos/photo.ts";
import { headNumbers, type Recipe } from "../settings/recipes.ts";
import { defineStage } from "../runner/stage.ts";

/** Trains the head on the features of the frozen backbones. */
export const train = defineStage({
  name: "train",
  version: 2,
  inputs: z.object({ scan: ScannedTrainPhotos, split: SplitPhotos, transform: TrainFeatureIndex }),
  output: UntimedFit,
  usesEngine: true,
  params: ({ seed, recipeNumbers }) => ({ seed, recipe: trainNumbers(recipeNumbers) }),
  async run({ scan, split, transform }, { recipe }, tools) {
    const reader = new FeatureReader(tools.inputFolder("transform"), transform);
    const photos = {
      train: labelledIds(split.train, scan),
      validation: labelledIds(split.validation, scan),
    };
    if (recipe.kind === "blocks") return fittedResult(await fitBlocks({ ...photos, recipe, reader }, tools), {});
    const { train: { epochs, rate }, momentum, batchSize } = recipe;
    const engine = await tools.engine();
    const head = fusionHead(fusedWidth(transform));
    const fitted = await fit({
      ...photos,
      epochs,
      batchSize,
      rates: { head: rate, tuned: 0 },
      startCounts: false,
      inputs: await featuresInMemory(reader, [...split.train, ...split.validation]),
      start: (state) => engine.train({ head, tuned: [], momentum, batchSize }, state),
      initialState: initialHead(head, tools.random("initial head")),
    }, tools);
    return fittedResult(fitted, {});
  },
});

/** Of a recipe, what the head's training depends on. */
function trainNumbers(recipe: Recipe) {
  if (recipe.kind === "blocks") return headNumbers(recipe);
  const { kind, train, momentum, batchSize } = recipe;
  return { kind, train, momentum, batchSize };
}
