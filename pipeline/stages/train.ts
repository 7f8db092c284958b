import { z } from "zod";
import { classifierOf } from "../classifier/classifier_of.ts";
import { fittedResult, UntimedFit } from "../classifier/fitted.ts";
import { FeatureReader, TrainFeatureIndex } from "../features/feature_store.ts";
import { SidesOfSplit } from "../photos/photo.ts";
import { defineStage } from "../runner/stage.ts";

/** Fits the recipe's classifier on the features of the frozen backbones. */
export const train = defineStage({
  name: "train",
  version: 3,
  inputs: z.object({ split: SidesOfSplit, transform: TrainFeatureIndex }),
  output: UntimedFit,
  usesEngine: true,
  params: ({ seed, hyperparameters }) => ({ seed, recipe: classifierOf(hyperparameters).hyperparametersFor("train") }),
  async run({ split, transform }, _, tools) {
    const features = new FeatureReader(tools.inputFolder("transform"), transform);
    return fittedResult(await classifierOf(tools.recipe).fit(split, features, tools));
  },
});
