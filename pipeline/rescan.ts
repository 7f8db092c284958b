import { z } from "zod";
import { closestString } from "@std/text/closest-string";
import { fusionHead } from "../model/fusion_net.ts";
import { readTensorFile } from "./checkpoint.ts";
import { FeatureIndex, FeatureReader } from "./feature_store.ts";
import { Fitted, FITTED_STATE, judge } from "./fit.ts";
import { sha256 } from "./hashing.ts";
import { RescannedPhotos, separateOutliers } from "./outliers.ts";
import { ScannedPhotos, SplitPhotos } from "./photo.ts";
import { EMPTY_REVIEW, readReview, type Review, REVIEW_FILE } from "./review.ts";
import { defineStage, type StageTools } from "./stage.ts";
import { featuresInMemory, fusedWidth, labelledIds } from "./train.ts";
import { UserError } from "./user_error.ts";

/** Sets aside the training photos whose label the trained head does not believe; the user's review has the last word. */
export const rescan = defineStage({
  name: "rescan",
  version: 1,
  inputs: z.object({ scan: ScannedPhotos, split: SplitPhotos, transform: FeatureIndex, train: Fitted }),
  output: RescannedPhotos,
  usesEngine: true,
  params: ({ recipeNumbers: { outlierLoss, momentum, batchSize } }) => ({ outlierLoss, momentum, batchSize }),
  external: async (_, { runFolder }) => ({
    "the review": sha256(JSON.stringify(await readReview(runFolder.path(REVIEW_FILE)))),
  }),
  async run({ scan, split, transform }, { outlierLoss, momentum, batchSize }, tools) {
    const review = await readReview(tools.runFolder.path(REVIEW_FILE));
    checkReview(review, split.train, scan.train.map(({ id }) => id), tools);
    const engine = await tools.engine();
    const { tensors } = await readTensorFile(tools.inputFolder("train"), FITTED_STATE);
    const head = fusionHead(fusedWidth(transform));
    const trainer = await engine.train({ head, tuned: [], momentum, batchSize }, tensors);
    const photos = labelledIds(split.train, scan);
    const reader = new FeatureReader(tools.inputFolder("transform"), transform);
    const { losses, pDog } = await judge(trainer, photos, await featuresInMemory(reader, split.train), tools)
      .finally(() => trainer.close());
    const judged = photos.map((photo, k) => ({ ...photo, loss: losses[k], pDog: pDog[k] }));
    const separated = separateOutliers(judged, outlierLoss, review);
    const clean = labelledIds(separated.clean, scan);
    const cats = clean.filter(({ label }) => label === "cat").length;
    for (const [label, left] of [["cat", cats], ["dog", clean.length - cats]] as const) {
      if (left < photos.length / 4) tools.warn(`only ${left} of ${photos.length / 2} ${label} photos stay in training`);
    }
    if (!await tools.runFolder.has(REVIEW_FILE)) {
      await tools.runFolder.write(REVIEW_FILE, JSON.stringify(EMPTY_REVIEW, null, 2) + "\n");
    }
    return {
      output: separated,
      counts: { outliers: separated.outliers.length, "cats left": cats, "dogs left": clean.length - cats },
    };
  },
});

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
