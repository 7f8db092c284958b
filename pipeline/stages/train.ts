import { z } from "zod";
import { classifierFor } from "../classifier/classifier_for.ts";
import { fittedResult, UntimedFit } from "../classifier/fitted.ts";
import { FeatureReader, TrainFeatureIndex } from "../features/store/feature_store.ts";
import { labelledIds } from "../photos/labelled_ids.ts";
import { ScannedTrainPhotos, SplitPhotos } from "../photos/photo.ts";
import { defineStage } from "../runner/stage.ts";

/** Fits the recipe's classifier on the features of the frozen backbones. */
export const train = defineStage({
  name: "train",
  version: 3,
  inputs: z.object({ scan: ScannedTrainPhotos, split: SplitPhotos, transform: TrainFeatureIndex }),
  output: UntimedFit,
  tools: ["folder", "inputFolder", "engine", "random", "progress", "signal", "say"],
  params: ({ seed, hyperparameters }) => ({ seed, recipe: classifierFor("train", hyperparameters) }),
  async run({ scan, split, transform }, { recipe: { classifier } }, tools) {
    const features = new FeatureReader(tools.inputFolder("transform"), transform);
    const photos = { train: labelledIds(split.train, scan), validation: labelledIds(split.validation, scan) };
    return fittedResult(await classifier.fit(photos, features, tools));
  },
});
