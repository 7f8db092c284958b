import { type OutlierSignals, rankedBy, worstDeviations } from "../../outliers/outlier_signals.ts";
import type { LabelledId } from "../../photos/photo.ts";
import { otherClassLogits } from "../../predictions/logits.ts";

/** Photos in an order in which a person may look at them, the worst first. */
export interface Ranking {
  readonly name: string;
  readonly ids: readonly string[];
}

/** The logits of dog that a recipe's classifier gives each photo, in the order of the photos. */
export interface TwicePredicted {
  /** By one that has not seen the photo. */
  readonly outOfFold: Float64Array;
  /** By one that has trained on all photos. */
  readonly inSample: Float64Array;
}

/** All photos by each signal alone, and as the rescan lists them: by the worst of all but the in-sample loss. */
export function rankings(
  photos: readonly LabelledId[],
  { outOfFold, inSample }: TwicePredicted,
  signals: OutlierSignals,
): Ranking[] {
  const ids = photos.map(({ id }) => id);
  const doubted = otherClassLogits(outOfFold, photos);
  return [
    { name: "in-sample loss", ids: rankedBy(ids, otherClassLogits(inSample, photos)) },
    { name: "out-of-fold loss", ids: rankedBy(ids, doubted) },
    { name: "distance to neighbours", ids: rankedBy(ids, signals.distances) },
    { name: "other class in a window", ids: rankedBy(ids, signals.evidence) },
    { name: "the worst of out of fold, distance, window", ids: rankedBy(ids, worstDeviations(doubted, signals)) },
  ];
}
