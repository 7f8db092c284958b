import { z } from "zod";
import type { Predictor, TransformedPhotos } from "../classifier/classifier.ts";
import { chosenFit } from "../classifier/chosen_fit.ts";
import { classifierFor, type ClassifierOf } from "../classifier/classifier_for.ts";
import { UntimedFit } from "../classifier/fitted.ts";
import { predictStored } from "../classifier/predict_stored.ts";
import { readState } from "../classifier/state_file.ts";
import { cutPointInputs } from "../features/cut_point_inputs.ts";
import { FeatureIndex, FeatureReader } from "../features/store/feature_store.ts";
import { type LabelledId, ScannedPhotos, SidesOfSplit, TrimmedPhotos } from "../photos/photo.ts";
import { probabilities } from "../predictions/logits.ts";
import { accuracy, LEAST_CLIP, logLoss } from "../predictions/metrics.ts";
import { Predictions } from "../predictions/predicted_photos.ts";
import { SUBMISSION_FILE, submissionCsv, UNKNOWN } from "../predictions/submission.ts";
import { defineStage, type StageTools } from "../runner/stage.ts";

type PredictTools = Pick<StageTools, "inputFolder" | "engine" | "backbones" | "progress" | "signal">;

/** Predicts every test photo and writes the submission; a photo that could not be read gets 0.5. */
export const predict = defineStage({
  name: "predict",
  version: 4,
  inputs: z.object({
    scan: ScannedPhotos,
    trim: TrimmedPhotos,
    split: SidesOfSplit,
    transform: FeatureIndex,
    finetune: UntimedFit,
  }),
  output: Predictions,
  tools: ["folder", "inputFolder", "engine", "backbones", "photos", "weightsHash", "progress", "signal"],
  params: ({ clip, hyperparameters }) => ({
    clip,
    recipe: classifierFor("predict", hyperparameters),
  }),
  external: async (_, tools) => ({ "the weights": await tools.weightsHash() }),
  async run({ scan, trim, split, transform, finetune }, { clip, recipe: { classifier } }, tools) {
    const features = new FeatureReader(tools.inputFolder("transform"), transform);
    const cutPoints = cutPointInputs(transform, scan, trim, tools);
    const photos = { test: scan.test.map(({ id }) => id), validation: split.validation };
    try {
      const predicted = await predictedPhotos(photos, classifier, { features, cutPoints }, tools);
      const unreadable = scan.unreadableTest.map(({ id }) => ({ id, pDog: UNKNOWN }));
      const output = { ...predicted, test: [...unreadable, ...predicted.test] };
      await tools.folder.write(SUBMISSION_FILE, submissionCsv(output.test, clip));
      return { output, counts: countsOf(output, unreadable.length, clip), details: chosenFit(finetune) };
    } finally {
      await cutPoints.close();
    }
  },
});

/** P(dog) of photos by what `finetune` has kept. */
async function predictedPhotos(
  { test, validation }: { readonly test: readonly string[]; readonly validation: readonly LabelledId[] },
  classifier: ClassifierOf<"predict">,
  transformed: TransformedPhotos,
  tools: PredictTools,
): Promise<Predictions> {
  const predictor = await openPredictor(classifier, transformed, tools);
  const progress = tools.progress(test.length + validation.length, "photos");
  const options = { signal: tools.signal, advance: (count: number) => progress.advance(count) };
  const pDogOf = async (set: "train" | "test", ids: readonly string[]) =>
    probabilities(await predictStored(predictor, transformed, set, ids, options));
  try {
    const ofTest = await pDogOf("test", test);
    const ofValidation = await pDogOf("train", validation.map(({ id }) => id));
    return {
      test: test.map((id, k) => ({ id, pDog: ofTest[k] })),
      validation: validation.map((photo, k) => ({ ...photo, pDog: ofValidation[k] })),
    };
  } finally {
    progress.finish();
    await predictor.close();
  }
}

async function openPredictor(
  classifier: ClassifierOf<"predict">,
  { features }: TransformedPhotos,
  tools: PredictTools,
): Promise<Predictor> {
  const state = await readState(tools.inputFolder("finetune"));
  return await classifier.open(state, "finetune", {
    engine: () => tools.engine(),
    backbones: () => tools.backbones(),
    groups: features.index.groups,
  });
}

function countsOf({ test, validation }: Predictions, unreadable: number, clip: number): Record<string, number> {
  return {
    predicted: test.length,
    "of them unreadable": unreadable,
    "validation log loss": logLoss(validation, { clip: LEAST_CLIP }),
    "clipped log loss": logLoss(validation, { clip: Math.max(clip, LEAST_CLIP) }),
    "validation accuracy": accuracy(validation),
  };
}
