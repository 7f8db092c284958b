import { z } from "zod";
import { classifierFor, type ClassifierOf } from "../classifier/classifier_for.ts";
import { UntimedFit } from "../classifier/fitted.ts";
import { readState } from "../classifier/state_file.ts";
import { FeatureReader, TrainFeatureIndex } from "../features/store/feature_store.ts";
import { sha256 } from "../files/hashing.ts";
import { inSampleScores, outOfFoldScores } from "../outliers/outlier_scores.ts";
import { type Outlier, RescannedPhotos, type ScoredPhoto, separateOutliers } from "../outliers/outliers.ts";
import { readReview } from "../review/file/read_review.ts";
import {
  EMPTY_REVIEW_TEXT,
  REVIEW_FILE,
  REVIEW_SCHEMA_FILE,
  reviewSchemaText,
  wordOnOutliers,
} from "../review/file/review.ts";
import { type LabelledPhoto, SplitPhotos } from "../photos/photo.ts";
import { defineStage, type StageTools } from "../runner/stage.ts";

type Warns = Pick<StageTools, "warn">;

/** Sets outliers among the training photos aside, but none that the user's review keeps. */
export const rescan = defineStage({
  name: "rescan",
  version: 6,
  inputs: z.object({ split: SplitPhotos, transform: TrainFeatureIndex, train: UntimedFit }),
  output: RescannedPhotos,
  tools: ["inputFolder", "runFolder", "engine", "backbones", "random", "progress", "signal", "warn"],
  params: ({ seed, hyperparameters }) => ({ seed, recipe: classifierFor("rescan", hyperparameters) }),
  external: async (_, { runFolder }) => ({
    "the review": sha256(wordOnOutliers(await readReview(runFolder.path(REVIEW_FILE)))),
  }),
  async run({ split, transform }, { recipe: { classifier } }, tools) {
    const review = await readReview(tools.runFolder.path(REVIEW_FILE));
    warnOfLeftOut(review.keep, split, tools);
    const features = new FeatureReader(tools.inputFolder("transform"), transform);
    const scored = await scoredPhotos(split.train, split.duplicates, classifier, features, tools);
    const separated = separateOutliers(scored, review);
    warnOfSpared(separated.outliers, tools);
    await tools.runFolder.write(REVIEW_SCHEMA_FILE, reviewSchemaText());
    // Whoever decides in the page meanwhile has written it.
    await tools.runFolder.create(REVIEW_FILE, EMPTY_REVIEW_TEXT);
    const clean = new Set(separated.clean);
    const cats = split.train.filter(({ id, label }) => label === "cat" && clean.has(id)).length;
    return {
      output: separated,
      counts: {
        outliers: separated.outliers.length,
        "set aside": separated.outliers.filter(({ verdict }) => verdict === "set aside").length,
        "cats left": cats,
        "dogs left": separated.clean.length - cats,
      },
    };
  },
});

/** The photos with their outlier scores, as the recipe's rules have it. */
async function scoredPhotos(
  photos: readonly LabelledPhoto[],
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

/** Keeping a photo keeps it from being set aside, and from nothing else. */
function warnOfLeftOut(keep: ReadonlySet<string>, { train, validation }: SplitPhotos, tools: Warns): void {
  const takesPart = new Set([...train, ...validation].map(({ id }) => id));
  for (const id of keep) {
    if (takesPart.has(id)) continue;
    tools.warn(
      `${REVIEW_FILE} keeps ${id}, which is left out for another reason than its loss: it cannot be read, is too ` +
        `small, has no label or would unbalance the classes`,
    );
  }
}
