import { byId } from "../../data/id_order.ts";
import { neighbourDistances } from "../../model/linear/neighbour_distances.ts";
import { oppositeClassEvidence } from "../../model/linear/opposite_class_evidence.ts";
import { FUSED_GROUPS } from "../features/extract/feature_extractor.ts";
import { namedGroups } from "../features/store/feature_groups.ts";
import type { FeatureReader } from "../features/store/feature_store.ts";
import { yieldToEventLoop } from "../files/yield_to_event_loop.ts";
import { type FoldedPhotos, labelNumbers } from "../photos/photo.ts";
import type { StageTools } from "../runner/stage.ts";
import { robustDeviations } from "./robust_deviations.ts";

/** What makes a photo an outlier besides its loss, in the order of the photos; no recipe's classifier has a part in it. */
export interface OutlierSignals {
  /** Mean cosine distance to its ten nearest neighbours: far from all means no animal, or a drawing. */
  readonly distances: Float64Array;
  /** Logit of the other class in the window that speaks for it most: high for a wrong label, or both animals. */
  readonly evidence: Float64Array;
}

/** The L2 of the windows' regression: looser than that of whole photos, since it predicts what it was not fitted to. */
const WINDOWS_L2 = 1e-5;

/** Computes the signals of photos from their stored features. */
export async function outlierSignals(
  { photos, folds }: FoldedPhotos,
  reader: FeatureReader,
  tools: Pick<StageTools, "engine" | "signal">,
): Promise<OutlierSignals> {
  const read = (names: readonly string[]) => reader.features("train", photos.map(({ id }) => id), names);
  const groups = namedGroups(reader.index.groups, FUSED_GROUPS);
  return {
    distances: await neighbourDistances(await read(FUSED_GROUPS), groups, await tools.engine()),
    evidence: await oppositeClassEvidence({
      features: await read(["resnet.features"]),
      windows: await read(["resnet.layer4.windows"]),
      labels: labelNumbers(photos),
      folds,
    }, { l2: WINDOWS_L2, pause: () => yieldToEventLoop(tools.signal) }),
  };
}

/** The ids by a score, the highest first; equal ones by id, so that a ranking does not depend on the folder's order. */
export function rankedBy(ids: readonly string[], scores: ArrayLike<number>): string[] {
  // A score that is not a number says that something is wrong with the photo: it is looked at first.
  const rank = (score: number) => (Number.isNaN(score) ? Infinity : score);
  return ids.map((id, k) => ({ id, score: rank(scores[k]) }))
    .sort((a, b) => a.score === b.score ? byId(a, b) : b.score - a.score)
    .map(({ id }) => id);
}

/**
 * How far each photo stands out, by the signal by which it does so most: in robust deviations over the signal's median,
 * so that their scales do not matter, and each signal has as many photos near the top as it finds.
 * @param otherClass the logit of the class that is not the photo's label, out of fold
 */
export function worstDeviations(otherClass: Float64Array, { distances, evidence }: OutlierSignals): Float64Array {
  const [byLoss, byDistance, byWindow] = [otherClass, distances, evidence].map(robustDeviations);
  return byLoss.map((deviation, k) => Math.max(deviation, byDistance[k], byWindow[k]));
}
