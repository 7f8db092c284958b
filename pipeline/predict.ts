import { z } from "zod";
import { dogProbabilities } from "../model/training/loss.ts";
import { chunked } from "./batches.ts";
import { openBoundaryInputs } from "./boundary_inputs.ts";
import { readTensorFile } from "./checkpoint.ts";
import { FeatureIndex } from "./feature_store.ts";
import { EVALUATED_AT_ONCE, Fitted, FITTED_STATE, judge } from "./fit.ts";
import { fusedSpec } from "./fused_network.ts";
import { accuracy, LEAST_CLIP, logLoss } from "./metrics.ts";
import { Label, ScannedPhotos, SplitPhotos, TrimmedPhotos } from "./photo.ts";
import { defineStage } from "./stage.ts";
import { submissionCsv, type TestPrediction, UNKNOWN } from "./submission.ts";
import { labelledIds } from "./train.ts";

/** The file that the competition takes. */
export const SUBMISSION_FILE = "submission.csv";

/** What the finished network says of the photos to predict and of those that validate. */
export const Predictions = z.object({
  test: z.array(z.object({ id: z.string(), pDog: z.number() })),
  validation: z.array(z.object({ id: z.string(), label: Label, pDog: z.number() })),
});

/** Predicts every test photo and writes the submission; a photo that could not be read gets 0.5. */
export const predict = defineStage({
  name: "predict",
  version: 1,
  inputs: z.object({
    scan: ScannedPhotos,
    trim: TrimmedPhotos,
    split: SplitPhotos,
    transform: FeatureIndex,
    finetune: Fitted,
  }),
  output: Predictions,
  usesEngine: true,
  params: ({ clip, recipeNumbers: { momentum, batchSize } }) => ({ clip, momentum, batchSize }),
  external: async (_, tools) => ({ "the weights": await tools.weightsHash() }),
  async run({ scan, trim, split, transform }, { clip, momentum, batchSize }, tools) {
    const engine = await tools.engine();
    const { tensors } = await readTensorFile(tools.inputFolder("finetune"), FITTED_STATE);
    const spec = fusedSpec(await tools.backbones(), { momentum, batchSize });
    const boundaries = await openBoundaryInputs(transform, trim, tools);
    const classifier = await engine.train(spec, tensors);
    try {
      const test: TestPrediction[] = scan.unreadableTest.map(({ id }) => ({ id, pDog: UNKNOWN }));
      const progress = tools.progress(scan.test.length, "photos");
      for (const group of chunked(scan.test.map(({ id }) => id), EVALUATED_AT_ONCE)) {
        tools.signal.throwIfAborted();
        const pDog = dogProbabilities(await classifier.evaluate(await boundaries.of("test", group)));
        group.forEach((id, k) => test.push({ id, pDog: pDog[k] }));
        progress.advance(group.length);
      }
      progress.finish();
      const labelled = labelledIds(split.validation, scan);
      const judged = await judge(classifier, labelled, (ids) => boundaries.of("train", ids), tools);
      const validation = labelled.map((photo, k) => ({ ...photo, pDog: judged.pDog[k] }));
      await tools.folder.write(SUBMISSION_FILE, submissionCsv(test, clip));
      return {
        output: { test, validation },
        counts: {
          predicted: test.length,
          "of them unreadable": scan.unreadableTest.length,
          "validation log loss": logLoss(validation, { clip: Math.max(clip, LEAST_CLIP) }),
          "validation accuracy": accuracy(validation),
        },
      };
    } finally {
      await classifier.close();
      await boundaries.close();
    }
  },
});
