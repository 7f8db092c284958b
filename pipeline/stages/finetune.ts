import { z } from "zod";
import { fitBlocks } from "../classifier/linear_probe.ts";
import { openBoundaryInputs } from "../features/boundary_inputs.ts";
import { readTensorFile } from "../classifier/checkpoint.ts";
import { FeatureReader, TrainFeatureIndex } from "../features/feature_store.ts";
import { fit, FITTED_STATE, fittedResult, UntimedFit } from "../classifier/fit.ts";
import { fusedSpec, fusedState } from "../classifier/fused_network.ts";
import { RescannedPhotos } from "../outliers/outliers.ts";
import { ScannedTrainPhotos, SplitPhotos, TrimmedTrainPhotos } from "../photos/photo.ts";
import { headNumbers, type Recipe } from "../settings/recipes.ts";
import { defineStage } from "../runner/stage.ts";
import { labelledIds } from "./train.ts";

/**
 * Trains further on the photos that `rescan` left: by the write-up's recipe the last blocks of both backbones together
 * with the head; by a blocks recipe the regressions once more.
 */
export const finetune = defineStage({
  name: "finetune",
  version: 2,
  inputs: z.object({
    scan: ScannedTrainPhotos,
    trim: TrimmedTrainPhotos,
    split: SplitPhotos,
    transform: TrainFeatureIndex,
    train: UntimedFit,
    rescan: RescannedPhotos,
  }),
  output: UntimedFit,
  usesEngine: true,
  params: ({ seed, recipeNumbers }) => ({ seed, recipe: finetuneNumbers(recipeNumbers) }),
  external: async (_, tools) => ({ "the weights": await tools.weightsHash() }),
  async run({ scan, trim, split, transform, rescan }, { recipe }, tools) {
    const { tensors } = await readTensorFile(tools.inputFolder("train"), FITTED_STATE);
    const photos = {
      train: labelledIds(rescan.clean, scan),
      validation: labelledIds(split.validation, scan),
    };
    const counts = { photos: rescan.clean.length };
    if (recipe.kind === "blocks") {
      const reader = new FeatureReader(tools.inputFolder("transform"), transform);
      return fittedResult(await fitBlocks({ ...photos, recipe, reader }, tools, tensors), counts);
    }
    const { finetune: { epochs, headRate, tunedRate, patience }, momentum, batchSize } = recipe;
    const engine = await tools.engine();
    const backbones = await tools.backbones();
    const spec = fusedSpec(backbones, { momentum, batchSize });
    const boundaries = await openBoundaryInputs(transform, { ...scan, test: [] }, { ...trim, test: [] }, tools);
    const fitted = await fit({
      ...photos,
      epochs,
      batchSize,
      rates: { head: headRate, tuned: tunedRate },
      patience,
      startCounts: true,
      inputs: (ids) => boundaries.of("train", ids),
      start: (state) => engine.train(spec, state),
      initialState: fusedState(backbones, tensors),
    }, tools).finally(() => boundaries.close());
    return fittedResult(fitted, counts);
  },
});

/** Of a recipe, what fine-tuning depends on. */
function finetuneNumbers(recipe: Recipe) {
  if (recipe.kind === "blocks") return headNumbers(recipe);
  const { kind, inputScales, finetune, momentum, batchSize } = recipe;
  return { kind, inputScales, finetune, momentum, batchSize };
}
