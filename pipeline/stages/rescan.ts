import { z } from "zod";
import { closestString } from "@std/text/closest-string";
import { classifierFor, type ClassifierOf } from "../classifier/classifier_for.ts";
import { UntimedFit } from "../classifier/fitted.ts";
import { readState } from "../classifier/state_file.ts";
import { FeatureReader, TrainFeatureIndex } from "../features/store/feature_store.ts";
import { sha256 } from "../files/hashing.ts";
import { UserError } from "../files/user_error.ts";
import { inSampleScores, outOfFoldScores } from "../outliers/outlier_scores.ts";
import { type Outlier, RescannedPhotos, type ScoredPhoto, separateOutliers } from "../outliers/outliers.ts";
import { EMPTY_REVIEW, readReview, type Review, REVIEW_FILE } from "../outliers/review.ts";
import { labelledIds } from "../photos/labelled_ids.ts";
import { type LabelledId, ScannedTrainPhotos, SplitPhotos } from "../photos/photo.ts";
import { defineStage, type StageTools } from "../runner/stage.ts";

type Warns = Pick<StageTools, "warn">;

/** Sets outliers among the training photos aside; the user's review has the last word. */
export const rescan = defineStage({
  name: "rescan",
  version: 4,
  inputs: z.object({ scan: ScannedTrainPhotos, split: SplitPhotos, transform: TrainFeatureIndex, train: UntimedFit }),
  output: RescannedPhotos,
  tools: ["inputFolder", "runFolder", "engine", "backbones", "random", "progress", "signal", "warn"],
  params: ({ seed, hyperparameters }) => ({ seed, recipe: classifierFor("rescan", hyperparameters) }),
  external: async (_, { runFolder }) => ({
    "the review": sha256(JSON.stringify(await readReview(runFolder.path(REVIEW_FILE)))),
  }),
  async run({ scan, split, transform }, { recipe: { classifier } }, tools) {
    const review = await readReview(tools.runFolder.path(REVIEW_FILE));
    checkReview(review, split.train, scan.train.map(({ id }) => id), tools);
    const features = new FeatureReader(tools.inputFolder("transform"), transform);
    const scored = await scoredPhotos(labelledIds(split.train, scan), split.duplicates, classifier, features, tools);
    const separated = separateOutliers(scored, review);
    warnOfSpared(separated.outliers, tools);
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

/** The photos with their outlier scores, as the recipe's rules have it. */
async function scoredPhotos(
  photos: readonly LabelledId[],
  duplicates: readonly (readonly string[])[],
  classifier: ClassifierOf<"rescan">,
  features: FeatureReader,
  tools: Pick<StageTools, "inputFolder" | "engine" | "backbones" | "random" | "progress" | "signal">,
): Promise<ScoredPhoto[]> {
  const rules = classifier.outlierRules;
  if (rules.predicted === "out of fold") {
    return await outOfFoldScores(photos, duplicates, classifier, features, rules, tools);
  }
  const state = await readState(tools.inputFolder("train"));
  const predictor = await classifier.open(state, "train", {
    engine: () => tools.engine(),
    backbones: () => tools.backbones(),
    groups: features.index.groups,
  });
  try {
    return await inSampleScores(photos, predictor, features, rules, tools);
  } finally {
    await predictor.close();
  }
}

function warnOfSpared(outliers: readonly Outlier[], tools: Warns): void {
  const spared = outliers.filter(({ verdict }) => verdict === "kept for its class").length;
  if (spared === 0) return;
  tools.warn(
    `${spared} outliers stay in training, since a class loses no more than a quarter of its photos: look at ` +
      `the labels, and at whether these are photos of cats and dogs`,
  );
}

/** Warns of photos that are not trained on anyway; refuses names that no photo has. */
function checkReview(review: Review, train: readonly string[], all: readonly string[], tools: Warns): void {
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
