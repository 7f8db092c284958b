import type { Label } from "../../data/labels.ts";

/** How far from 0 and 1 the competition itself keeps predictions, so that a sure mistake costs much but not all. */
export const LEAST_CLIP = 1e-15;

/** One photo's prediction beside its label. */
export interface LabelledPrediction {
  readonly label: Label;
  /** The probability of a dog, from 0 to 1. */
  readonly pDog: number;
}

/**
 * Mean of -ln(the probability given to the right class): the competition's measure, and the mean cross entropy.
 * `-1/n sum(y ln p + (1 - y) ln(1 - p))`, y = 1 for dogs, p = P(dog), as in Kaggle's evaluation page of "Dogs vs. Cats
 * Redux".
 *
 * @param clip probabilities are first kept this far from 0 and 1; without it a sure mistake (p exactly 0 or 1) makes the
 * result infinite.
 * @throws RangeError on no predictions, on one outside 0 to 1, or on a clip outside 0 to 0.5.
 */
export function logLoss(predictions: readonly LabelledPrediction[], { clip = 0 }: { clip?: number } = {}): number {
  checkPredictions("log loss", predictions);
  if (!(clip >= 0 && clip <= 0.5)) {
    throw new RangeError(`Cannot compute log loss: expected a clip between 0 and 0.5, got ${clip}`);
  }
  let sum = 0;
  for (const { label, pDog } of predictions) {
    const clipped = Math.min(Math.max(pDog, clip), 1 - clip);
    // log1p keeps the digits of a P(dog) near 0, which 1 - p would round away.
    sum -= label === "dog" ? Math.log(clipped) : Math.log1p(-clipped);
  }
  return sum / predictions.length;
}

/** What a prediction says: `dog` above 0.5, `cat` otherwise, which is what argmax over (cat, dog) gives on a tie. */
export function predictedLabel(pDog: number): Label {
  return pDog > 0.5 ? "dog" : "cat";
}

/**
 * Share of predictions on the right side of 0.5.
 * @throws RangeError on no predictions, or on one outside 0 to 1.
 */
export function accuracy(predictions: readonly LabelledPrediction[]): number {
  checkPredictions("accuracy", predictions);
  return predictions.filter(({ label, pDog }) => predictedLabel(pDog) === label).length / predictions.length;
}

/**
 * Area under the ROC curve: the chance that a random dog has a higher P(dog) than a random cat, a tie counting half.
 * From the sum of the dogs' ranks, equal predictions sharing their mean rank (Mann and Whitney's U; Hanley and McNeil,
 * "The meaning and use of the area under a receiver operating characteristic (ROC) curve", 1982).
 *
 * @throws RangeError when a class is missing, or on a prediction outside 0 to 1.
 */
export function areaUnderRocCurve(predictions: readonly LabelledPrediction[]): number {
  checkPredictions("area under the ROC curve", predictions);
  const sorted = predictions.toSorted((a, b) => a.pDog - b.pDog);
  const dogs = sorted.filter(({ label }) => label === "dog").length;
  const cats = sorted.length - dogs;
  if (dogs === 0 || cats === 0) {
    throw new RangeError(
      `Cannot compute area under the ROC curve: expected cats and dogs, got ${cats} cats and ${dogs} dogs`,
    );
  }
  let dogRanks = 0;
  for (let first = 0; first < sorted.length;) {
    let end = first + 1;
    while (end < sorted.length && sorted[end].pDog === sorted[first].pDog) end++;
    const meanRank = (first + 1 + end) / 2;
    for (let tied = first; tied < end; tied++) if (sorted[tied].label === "dog") dogRanks += meanRank;
    first = end;
  }
  return (dogRanks - dogs * (dogs + 1) / 2) / (dogs * cats);
}

function checkPredictions(metric: string, predictions: readonly LabelledPrediction[]): void {
  if (predictions.length === 0) {
    throw new RangeError(`Cannot compute ${metric}: expected at least one prediction, got none`);
  }
  const wrong = predictions.find(({ pDog }) => !(pDog >= 0 && pDog <= 1));
  if (wrong) throw new RangeError(`Cannot compute ${metric}: expected P(dog) between 0 and 1, got ${wrong.pDog}`);
}
