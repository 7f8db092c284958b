import { inTurn, type OutlierSignals, rankedBy } from "../../outliers/outlier_signals.ts";
import type { LabelledId } from "../../photos/photo.ts";

/** Photos in an order in which a person may look at them, the worst first. */
export interface Ranking {
  readonly name: string;
  readonly ids: readonly string[];
}

/** What a recipe's classifier says of each photo, in the order of the photos. */
export interface TwicePredicted {
  /** P(dog) by one that has not seen the photo. */
  readonly outOfFold: readonly number[];
  /** P(dog) by one that has trained on all photos. */
  readonly inSample: readonly number[];
}

/** All photos by each signal alone, and as the rescan lists them: by all but the in-sample loss in turn. */
export function rankings(
  photos: readonly LabelledId[],
  { outOfFold, inSample }: TwicePredicted,
  signals: OutlierSignals,
): Ranking[] {
  const ids = photos.map(({ id }) => id);
  // The probability of the other class grows with the loss, and does not end at infinity.
  const losses = (pDog: readonly number[]) => photos.map(({ label }, k) => label === "dog" ? 1 - pDog[k] : pDog[k]);
  return [
    { name: "in-sample loss", ids: rankedBy(ids, losses(inSample)) },
    { name: "out-of-fold loss", ids: rankedBy(ids, losses(outOfFold)) },
    { name: "distance to neighbours", ids: rankedBy(ids, signals.distances) },
    { name: "other class in a window", ids: rankedBy(ids, signals.evidence) },
    { name: "out of fold, distance, window in turn", ids: inTurn(ids, losses(outOfFold), signals) },
  ];
}
