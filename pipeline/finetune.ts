import { z } from "zod";
import { openBoundaryInputs } from "./boundary_inputs.ts";
import { readTensorFile } from "./checkpoint.ts";
import { FeatureIndex } from "./feature_store.ts";
import { fit, Fitted, FITTED_STATE } from "./fit.ts";
import { fusedSpec, fusedState } from "./fused_network.ts";
import { RescannedPhotos } from "./outliers.ts";
import { ScannedPhotos, SplitPhotos, TrimmedPhotos } from "./photo.ts";
import { defineStage } from "./stage.ts";
import { labelledIds } from "./train.ts";

/** Trains the last blocks of both backbones together with the head, on the photos that `rescan` left. */
export const finetune = defineStage({
  name: "finetune",
  version: 1,
  inputs: z.object({
    scan: ScannedPhotos,
    trim: TrimmedPhotos,
    split: SplitPhotos,
    transform: FeatureIndex,
    train: Fitted,
    rescan: RescannedPhotos,
  }),
  output: Fitted,
  usesEngine: true,
  params: ({ seed, recipeNumbers: { finetune, momentum, batchSize } }) => ({ seed, ...finetune, momentum, batchSize }),
  external: async (_, tools) => ({ "the weights": await tools.weightsHash() }),
  async run({ scan, trim, split, transform, rescan }, params, tools) {
    const { epochs, headRate, tunedRate, patience, momentum, batchSize } = params;
    const engine = await tools.engine();
    const backbones = await tools.backbones();
    const { tensors } = await readTensorFile(tools.inputFolder("train"), FITTED_STATE);
    const spec = fusedSpec(backbones, { momentum, batchSize });
    const boundaries = await openBoundaryInputs(transform, trim, tools);
    const fitted = await fit({
      epochs,
      batchSize,
      rates: { head: headRate, tuned: tunedRate },
      patience,
      startCounts: true,
      train: labelledIds(rescan.clean, scan),
      validation: labelledIds(split.validation, scan),
      inputs: (ids) => boundaries.of("train", ids),
      start: (state) => engine.train(spec, state),
      initialState: fusedState(backbones, tensors),
    }, tools).finally(() => boundaries.close());
    return { output: fitted, counts: { photos: rescan.clean.length, epochs, "best epoch": fitted.best } };
  },
});
