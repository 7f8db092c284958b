import { fusionHead } from "../../model/networks/fusion_net.ts";
import { labelNumbers, outOfFoldLogOdds, probability } from "../classifier/linear_probe.ts";
import { readTensorFile } from "../classifier/checkpoint.ts";
import { assignFolds, mostFolds } from "../photos/folds.ts";
import type { FeatureReader } from "../features/feature_store.ts";
import { FITTED_STATE, judge } from "../classifier/fit.ts";
import type { JudgedPhoto } from "./outliers.ts";
import type { LabelledId } from "../photos/photo.ts";
import type { BlocksRecipe, NetworkRecipe } from "../settings/recipes.ts";
import type { StageTools } from "../runner/stage.ts";
import { inTurn, rankedBy, suspicionSignals } from "./outlier_signals.ts";
import { featuresInMemory, fusedWidth } from "../stages/train.ts";

/** Of a recipe, what judging photos depends on. */
export type InSampleNumbers = Pick<NetworkRecipe, "kind" | "outlierLoss" | "momentum" | "batchSize">;
export type OutOfFoldNumbers = Pick<
  BlocksRecipe,
  "kind" | "blocks" | "squareRoots" | "regressions" | "penalty" | "outlierLoss" | "outlierDistance" | "folds"
>;

/** The finding on a photo with a high loss; the loss itself stands beside it. */
const NOT_BELIEVED = "the label is not believed";

/** The write-up's way: the loss by the head that has trained on the photos. */
export async function judgeInSample(
  { outlierLoss, momentum, batchSize }: InSampleNumbers,
  reader: FeatureReader,
  photos: readonly LabelledId[],
  tools: StageTools,
): Promise<JudgedPhoto[]> {
  const engine = await tools.engine();
  const { tensors } = await readTensorFile(tools.inputFolder("train"), FITTED_STATE);
  const head = fusionHead(fusedWidth(reader.index));
  const trainer = await engine.train({ head, tuned: [], momentum, batchSize }, tensors);
  const inputs = await featuresInMemory(reader, photos.map(({ id }) => id));
  const { losses, pDog } = await judge(trainer, photos, inputs, tools).finally(() => trainer.close());
  const places = placesOf(rankedBy(photos.map(({ id }) => id), losses));
  return photos.map((photo, k) => ({
    ...photo,
    pDog: pDog[k],
    loss: losses[k],
    place: places.get(photo.id) ?? 0,
    suspicion: losses[k] / outlierLoss,
    finding: NOT_BELIEVED,
  }));
}

/**
 * Judges each photo by heads that have not trained on it, and by its distance to the photos most like it; either makes
 * it doubted. A third signal, a window that speaks for the other class, has a say in the order alone.
 */
export async function judgeOutOfFold(
  { outlierLoss, outlierDistance, folds, ...recipe }: OutOfFoldNumbers,
  reader: FeatureReader,
  photos: readonly LabelledId[],
  duplicates: readonly (readonly string[])[],
  tools: Pick<StageTools, "random" | "engine" | "progress" | "signal">,
): Promise<JudgedPhoto[]> {
  const ids = photos.map(({ id }) => id);
  const labels = labelNumbers(photos);
  const possible = Math.min(folds, mostFolds(photos, duplicates));
  if (possible < 2) {
    // With one picture of a class nothing is left to judge it by.
    const unjudged = { pDog: 0.5, loss: Math.LN2, suspicion: 0, finding: "not judged" };
    return photos.map((photo, place) => ({ ...photo, ...unjudged, place }));
  }
  const foldOf = assignFolds(photos, duplicates, possible, tools.random("folds"));
  const folded = { photos, folds: Uint8Array.from(ids, (id) => foldOf.get(id) ?? 0) };
  const logits = await outOfFoldLogOdds(recipe, folded, reader, tools);
  const losses = logits.map((logit, k) => softplus(labels[k] === 1 ? -logit : logit));
  const signals = await suspicionSignals(folded, reader, tools);
  const deviations = robustDeviations(signals.distances);
  const places = placesOf(inTurn(ids, losses, signals));
  return photos.map((photo, k) => {
    const byLoss = losses[k] / outlierLoss;
    const byDistance = deviations[k] / outlierDistance;
    return {
      ...photo,
      pDog: probability(logits[k]),
      loss: losses[k],
      place: places.get(photo.id) ?? 0,
      suspicion: Math.max(byLoss, byDistance),
      finding: byDistance > byLoss ? `unlike any other photo (${deviations[k].toFixed(1)} deviations)` : NOT_BELIEVED,
    };
  });
}

/** At which place of a ranking each id stands. */
function placesOf(ranking: readonly string[]): Map<string, number> {
  return new Map(ranking.map((id, place) => [id, place]));
}

/**
 * How far values lie over their median, in units of the median absolute deviation times 1.4826, which is the standard
 * deviation for normal values and does not move with outliers (Rousseeuw and Croux, 1993).
 */
export function robustDeviations(values: Float64Array): Float64Array {
  const middle = median(values);
  const scale = 1.4826 * median(values.map((value) => Math.abs(value - middle)));
  return values.map((value) => (scale > 0 ? (value - middle) / scale : 0));
}

function median(values: Float64Array): number {
  const sorted = values.toSorted();
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
}

/** `ln(1 + exp(x))`, which does not overflow. */
function softplus(x: number): number {
  return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
}
