import { sigmoid } from "../../model/logits.ts";
import type { Classifier, Predictor, TrialTools } from "../classifier/classifier.ts";
import { predictStored } from "../classifier/predict_stored.ts";
import { NO_CUT_POINTS } from "../features/cut_points.ts";
import type { FeatureReader } from "../features/store/feature_store.ts";
import { entryOf } from "../../data/base/entry_of.ts";
import { assignFolds, foldedBy, mostFolds } from "../photos/folds.ts";
import type { LabelledId, LabelledPhoto } from "../photos/photo.ts";
import { crossEntropies, otherClassLogits } from "../predictions/logits.ts";
import type { InSampleRules, OutOfFoldRules } from "../settings/recipe.ts";
import { type OutlierSignals, outlierSignals, rankedBy, worstDeviations } from "./outlier_signals.ts";
import type { ScoredPhoto } from "./outliers.ts";
import { robustDeviations } from "./robust_deviations.ts";

/** The reason of a photo with a high loss; the loss itself stands beside it. */
export const NOT_BELIEVED = "the label is not believed";

/** How far a photo is over a threshold, and what that says of it. */
interface Score {
  readonly score: number;
  readonly reason: string;
}

/** Scores photos by the classifier that has trained on them: the write-up's way. */
export async function inSampleScores(
  photos: readonly LabelledId[],
  predictor: Pick<Predictor, "batchSize" | "logits">,
  features: FeatureReader,
  rules: Pick<InSampleRules, "loss">,
  tools: Pick<TrialTools, "signal">,
): Promise<ScoredPhoto[]> {
  const ids = photos.map(({ id }) => id);
  const transformed = { features, cutPoints: NO_CUT_POINTS };
  const logits = await predictStored(predictor, transformed, "train", ids, tools);
  const losses = crossEntropies(logits, photos);
  const scores = losses.map((loss): Score => ({ score: loss / rules.loss, reason: NOT_BELIEVED }));
  return scoredPhotos(photos, logits, scores, rankedBy(ids, losses));
}

/**
 * Scores photos by classifiers that have not trained on them, and by their distances to the photos most like them, each
 * by whichever is worse. A third signal, a window that speaks for the other class, has a say in the order alone.
 * @param duplicates groups of photos that show the same: they are in one fold
 */
export async function outOfFoldScores(
  photos: readonly LabelledPhoto[],
  duplicates: readonly (readonly string[])[],
  classifier: Pick<Classifier, "outOfFold">,
  features: FeatureReader,
  rules: OutOfFoldRules,
  tools: TrialTools,
): Promise<ScoredPhoto[]> {
  const folds = Math.min(rules.folds, mostFolds(photos, duplicates));
  if (folds < 2) return photos.map(notScored);
  const folded = foldedBy(photos, assignFolds(photos, duplicates, folds, tools.random("folds")));
  const logits = await classifier.outOfFold(folded, features, tools);
  return scoredOutOfFold(photos, logits, await outlierSignals(folded, features, tools), rules);
}

/** What logits of classifiers that have not trained on photos, and the photos' signals, make of each. */
function scoredOutOfFold(
  photos: readonly LabelledId[],
  logits: Float64Array,
  signals: OutlierSignals,
  rules: OutOfFoldRules,
): ScoredPhoto[] {
  const losses = crossEntropies(logits, photos);
  const deviations = robustDeviations(signals.distances);
  const scores = losses.map((loss, k) => worse(byLoss(loss, rules), byDistance(deviations[k], rules)));
  const order = rankedBy(photos.map(({ id }) => id), worstDeviations(otherClassLogits(logits, photos), signals));
  return scoredPhotos(photos, logits, scores, order);
}

/** With one picture of a class nothing is left to tell it by. */
function notScored(photo: LabelledId, place: number): ScoredPhoto {
  return { ...photo, pDog: 0.5, loss: Math.LN2, place, score: 0, reason: "not scored" };
}

function byLoss(loss: number, rules: OutOfFoldRules): Score {
  return { score: loss / rules.loss, reason: NOT_BELIEVED };
}

function byDistance(deviations: number, rules: OutOfFoldRules): Score {
  return { score: deviations / rules.distance, reason: `unlike any other photo (${deviations.toFixed(1)} deviations)` };
}

/** The higher score with its reason; one that is not a number is the highest. */
function worse(loss: Score, distance: Score): Score {
  const { reason } = distance.score > loss.score ? distance : loss;
  return { score: Math.max(loss.score, distance.score), reason };
}

/** @param ranking the photos' ids, the worst first */
function scoredPhotos(
  photos: readonly LabelledId[],
  logits: Float64Array,
  scores: readonly Score[],
  ranking: readonly string[],
): ScoredPhoto[] {
  const losses = crossEntropies(logits, photos);
  const places = new Map(ranking.map((id, place) => [id, place]));
  return photos.map((photo, k) => ({
    ...photo,
    pDog: sigmoid(logits[k]),
    loss: losses[k],
    place: entryOf(places, photo.id, "a photo's place"),
    ...scores[k],
  }));
}
