import { inTurn, rankedBy, type SuspicionSignals } from "../suspicion_signals.ts";
import type { LabelledId } from "../photo.ts";

/** Photos in an order in which a person may look at them, the most suspicious first. */
export interface Ranking {
  readonly name: string;
  readonly ids: readonly string[];
}

/**
 * All photos by each signal alone, and as the rescan lists them: by all in turn.
 * @param pDog of each photo, by a head that has not seen it
 */
export function rankings(photos: readonly LabelledId[], pDog: readonly number[], signals: SuspicionSignals): Ranking[] {
  const ids = photos.map(({ id }) => id);
  // The probability of the other class grows with the loss, and does not end at infinity.
  const losses = photos.map(({ label }, k) => (label === "dog" ? 1 - pDog[k] : pDog[k]));
  return [
    { name: "out-of-fold loss", ids: rankedBy(ids, losses) },
    { name: "distance to neighbours", ids: rankedBy(ids, signals.distances) },
    { name: "other class in a window", ids: rankedBy(ids, signals.evidence) },
    { name: "these in turn", ids: inTurn(ids, losses, signals) },
  ];
}
