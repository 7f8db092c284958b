import { z } from "zod";
import { closestString } from "@std/text/closest-string";
import { FeatureReader, TrainFeatureIndex } from "../features/feature_store.ts";
import { UntimedFit } from "../classifier/fit.ts";
import { sha256 } from "../files/hashing.ts";
import { RescannedPhotos, separateOutliers } from "../outliers/outliers.ts";
import { ScannedTrainPhotos, SplitPhotos } from "../photos/photo.ts";
import { EMPTY_REVIEW, readReview, type Review, REVIEW_FILE } from "../outliers/review.ts";
import { defineStage, type StageTools } from "../runner/stage.ts";
import { headNumbers, type Recipe } from "../settings/recipes.ts";
import {
  type InSampleNumbers,
  judgeInSample,
  judgeOutOfFold,
  type OutOfFoldNumbers,
} from "../outliers/outlier_scores.ts";
import { labelledIds } from "./train.ts";
import { UserError } from "../files/user_error.ts";

/** Sets aside the training photos that are doubted; the user's review has the last word. */
export const rescan = defineStage({
  name: "rescan",
  version: 3,
  inputs: z.object({ scan: ScannedTrainPhotos, split: SplitPhotos, transform: TrainFeatureIndex, train: UntimedFit }),
  output: RescannedPhotos,
  usesEngine: true,
  params: ({ seed, recipeNumbers }) => ({ seed, recipe: rescanNumbers(recipeNumbers) }),
  external: async (_, { runFolder }) => ({
    "the review": sha256(JSON.stringify(await readReview(runFolder.path(REVIEW_FILE)))),
  }),
  async run({ scan, split, transform }, { recipe }, tools) {
    const review = await readReview(tools.runFolder.path(REVIEW_FILE));
    checkReview(review, split.train, scan.train.map(({ id }) => id), tools);
    const photos = labelledIds(split.train, scan);
    const reader = new FeatureReader(tools.inputFolder("transform"), transform);
    const judged = recipe.kind === "blocks"
      ? await judgeOutOfFold(recipe, reader, photos, split.duplicates, tools)
      : await judgeInSample(recipe, reader, photos, tools);
    const separated = separateOutliers(judged, review);
    const spared = separated.outliers.filter(({ verdict }) => verdict === "kept for its class").length;
    if (spared > 0) {
      tools.warn(
        `${spared} doubted photos stay in training, since a class loses no more than a quarter of its photos: look at ` +
          `the labels, and at whether these are photos of cats and dogs`,
      );
    }
    if (!await tools.runFolder.has(REVIEW_FILE)) {
      await tools.runFolder.write(REVIEW_FILE, JSON.stringify(EMPTY_REVIEW, null, 2) + "\n");
    }
    const cats = labelledIds(separated.clean, scan).filter(({ label }) => label === "cat").length;
    return {
      output: separated,
      counts: {
        outliers: separated.outliers.length,
        "cats left": cats,
        "dogs left": separated.clean.length - cats,
      },
    };
  },
});

/** Of a recipe, what the rescan depends on. */
function rescanNumbers(recipe: Recipe): OutOfFoldNumbers | InSampleNumbers {
  if (recipe.kind === "blocks") {
    const { outlierLoss, outlierDistance, folds } = recipe;
    return { ...headNumbers(recipe), outlierLoss, outlierDistance, folds };
  }
  const { kind, outlierLoss, momentum, batchSize } = recipe;
  return { kind, outlierLoss, momentum, batchSize };
}

/** Warns of photos that are not trained on anyway; refuses names that no photo has. */
function checkReview(review: Review, train: readonly string[], all: readonly string[], tools: StageTools): void {
  for (const id of [...review.keep, ...review.drop]) {
    if (train.includes(id)) continue;
    if (all.includes(id)) tools.warn(`${REVIEW_FILE} names ${id}, which is not trained on anyway`);
    else {
      throw new UserError(
        `Cannot follow ${REVIEW_FILE}: expected photos of the training folder, got ${id}. Did you mean ` +
          `${closestString(id, all)}?`,
      );
    }
  }
}
