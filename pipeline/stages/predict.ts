import { z } from "zod";
import { dogProbabilities } from "../../model/autograd/loss.ts";
import type { TensorMap } from "../../model/tensor.ts";
import { chunked } from "../features/batches.ts";
import { type HeadRecipe, predictBlocks } from "../classifier/linear_probe.ts";
import { openBoundaryInputs } from "../features/boundary_inputs.ts";
import { readTensorFile } from "../classifier/checkpoint.ts";
import { FeatureIndex, FeatureReader } from "../features/feature_store.ts";
import { EVALUATED_AT_ONCE, FITTED_STATE, UntimedFit } from "../classifier/fit.ts";
import { fusedSpec } from "../classifier/fused_network.ts";
import { accuracy, LEAST_CLIP, logLoss } from "../predictions/metrics.ts";
import { Label, ScannedPhotos, SplitPhotos, TrimmedPhotos } from "../photos/photo.ts";
import type { BlocksRecipe, NetworkRecipe, Recipe } from "../settings/recipes.ts";
import { defineStage, type PhotoSet, type StageTools } from "../runner/stage.ts";
import { submissionCsv, type TestPrediction, UNKNOWN } from "../predictions/submission.ts";
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
  version: 2,
  inputs: z.object({
    scan: ScannedPhotos,
    trim: TrimmedPhotos,
    split: SplitPhotos,
    transform: FeatureIndex,
    finetune: UntimedFit,
  }),
  output: Predictions,
  usesEngine: true,
  params: ({ clip, recipeNumbers }) => ({ clip, recipe: classifierNumbers(recipeNumbers) }),
  external: async (_, tools) => ({ "the weights": await tools.weightsHash() }),
  async run({ scan, trim, split, transform }, { clip, recipe }, tools) {
    const { tensors } = await readTensorFile(tools.inputFolder("finetune"), FITTED_STATE);
    const judge = recipe.kind === "blocks"
      ? blocksJudge(recipe, transform, tensors, tools)
      : await networkJudge(recipe, transform, { scan, trim }, tensors, tools);
    try {
      const ids = scan.test.map(({ id }) => id);
      const labelled = labelledIds(split.validation, scan);
      const progress = tools.progress(ids.length + labelled.length, "photos");
      const pDog = async (set: PhotoSet, ids: readonly string[]) => {
        const probabilities: number[] = [];
        for (const group of chunked(ids, PREDICTED_AT_ONCE)) {
          tools.signal.throwIfAborted();
          probabilities.push(...await judge.pDog(set, group));
          progress.advance(group.length);
        }
        return probabilities;
      };
      const testProbabilities = await pDog("test", ids);
      const validationProbabilities = await pDog("train", labelled.map(({ id }) => id));
      progress.finish();
      const test: TestPrediction[] = [
        ...scan.unreadableTest.map(({ id }) => ({ id, pDog: UNKNOWN })),
        ...ids.map((id, k) => ({ id, pDog: testProbabilities[k] })),
      ];
      const validation = labelled.map((photo, k) => ({ ...photo, pDog: validationProbabilities[k] }));
      await tools.folder.write(SUBMISSION_FILE, submissionCsv(test, clip));
      return {
        output: { test, validation },
        counts: {
          predicted: test.length,
          "of them unreadable": scan.unreadableTest.length,
          "validation log loss": logLoss(validation, { clip: LEAST_CLIP }),
          "clipped log loss": logLoss(validation, { clip: Math.max(clip, LEAST_CLIP) }),
          "validation accuracy": accuracy(validation),
        },
      };
    } finally {
      await judge.close();
    }
  },
});

/** Photos predicted at a time. */
const PREDICTED_AT_ONCE = 256;

/** Whatever gives P(dog) of photos that `transform` has seen. */
interface Judge {
  pDog(set: PhotoSet, ids: readonly string[]): Promise<number[]>;
  close(): Promise<void>;
}

function blocksJudge(
  recipe: HeadRecipe,
  index: FeatureIndex,
  state: TensorMap,
  tools: StageTools,
): Judge {
  const reader = new FeatureReader(tools.inputFolder("transform"), index);
  return {
    pDog: (set, ids) => predictBlocks(recipe, reader, state, set, ids),
    close: () => Promise.resolve(),
  };
}

async function networkJudge(
  recipe: Pick<NetworkRecipe, "momentum" | "batchSize">,
  index: FeatureIndex,
  { scan, trim }: { readonly scan: z.infer<typeof ScannedPhotos>; readonly trim: z.infer<typeof TrimmedPhotos> },
  state: TensorMap,
  tools: StageTools,
): Promise<Judge> {
  const engine = await tools.engine();
  const trainer = await engine.train(fusedSpec(await tools.backbones(), recipe), state);
  const boundaries = await openBoundaryInputs(index, scan, trim, tools);
  return {
    async pDog(set, ids) {
      const probabilities: number[] = [];
      for (const group of chunked(ids, EVALUATED_AT_ONCE)) {
        probabilities.push(...dogProbabilities(await trainer.evaluate(await boundaries.of(set, group))));
      }
      return probabilities;
    },
    async close() {
      await trainer.close();
      await boundaries.close();
    },
  };
}

/** Of a recipe, what a trained classifier is run by. */
function classifierNumbers(
  recipe: Recipe,
):
  | Pick<BlocksRecipe, "kind" | "inputScales" | "blocks" | "squareRoots">
  | Pick<NetworkRecipe, "kind" | "inputScales" | "momentum" | "batchSize"> {
  if (recipe.kind === "blocks") {
    const { kind, inputScales, blocks, squareRoots } = recipe;
    return { kind, inputScales, blocks, squareRoots };
  }
  const { kind, inputScales, momentum, batchSize } = recipe;
  return { kind, inputScales, momentum, batchSize };
}
