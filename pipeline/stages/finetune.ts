import { z } from "zod";
import { classifierFor } from "../classifier/classifier_for.ts";
import { fittedResult, UntimedFit } from "../classifier/fitted.ts";
import { readState } from "../classifier/state_file.ts";
import { cutPointInputs } from "../features/cut_point_inputs.ts";
import { FeatureReader, TrainFeatureIndex } from "../features/store/feature_store.ts";
import { RescannedPhotos } from "../outliers/outliers.ts";
import { labelledIds } from "../photos/labelled_ids.ts";
import { ScannedTrainPhotos, SplitPhotos, TrimmedTrainPhotos } from "../photos/photo.ts";
import { defineStage } from "../runner/stage.ts";

/** Fits the recipe's classifier once more, on the photos that `rescan` left: it goes on from what `train` kept. */
export const finetune = defineStage({
  name: "finetune",
  version: 3,
  inputs: z.object({
    scan: ScannedTrainPhotos,
    trim: TrimmedTrainPhotos,
    split: SplitPhotos,
    transform: TrainFeatureIndex,
    train: UntimedFit,
    rescan: RescannedPhotos,
  }),
  output: UntimedFit,
  tools: [
    "folder",
    "inputFolder",
    "engine",
    "backbones",
    "photos",
    "weightsHash",
    "random",
    "progress",
    "signal",
    "say",
  ],
  params: ({ seed, hyperparameters }) => ({ seed, recipe: classifierFor("finetune", hyperparameters) }),
  external: async (_, tools) => ({ "the weights": await tools.weightsHash() }),
  async run({ scan, trim, split, transform, rescan }, { recipe: { classifier } }, tools) {
    const start = await readState(tools.inputFolder("train"));
    const photos = { train: labelledIds(rescan.clean, scan), validation: labelledIds(split.validation, scan) };
    const features = new FeatureReader(tools.inputFolder("transform"), transform);
    const cutPoints = cutPointInputs(transform, { ...scan, test: [] }, { ...trim, test: [] }, tools);
    try {
      const { fitted, counts } = await classifier.refit(photos, start, { features, cutPoints }, tools);
      return fittedResult({ fitted, counts: { photos: rescan.clean.length, ...counts } });
    } finally {
      await cutPoints.close();
    }
  },
});
