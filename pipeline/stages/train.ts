import { z } from "zod";
import { classifierFor } from "../classifier/classifier_for.ts";
import { fittedResult, UntimedFit } from "../classifier/fitted.ts";
import { FeatureReader, TrainFeatureIndex } from "../features/store/feature_store.ts";
import { SidesOfSplit } from "../photos/photo.ts";
import { defineStage } from "../runner/stage.ts";

/** Fits the recipe's classifier on the features of the frozen backbones. */
export const train = defineStage({
  name: "train",
  version: 3,
  inputs: z.object({ split: SidesOfSplit, transform: TrainFeatureIndex }),
  output: UntimedFit,
  tools: ["folder", "inputFolder", "engine", "random", "progress", "signal", "say"],
  params: ({ seed, hyperparameters }) => ({ seed, recipe: classifierFor("train", hyperparameters) }),
  async run({ split, transform }, { recipe: { classifier } }, tools) {
    const features = new FeatureReader(tools.inputFolder("transform"), transform);
    return fittedResult(await classifier.fit(split, features, tools));
  },
});
