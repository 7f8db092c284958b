import type { Label } from "../../data/labels.ts";
import { type LabelledPrediction, predictedLabel } from "./metrics.ts";

/** Counts of photos by label, then by what the classifier says. */
export type ConfusionMatrix = Readonly<Record<Label, Readonly<Record<Label, number>>>>;

/** Counts `confusion[label][prediction]`, predictions taken at 0.5 as in `predictedLabel()`. */
export function confusionMatrix(predictions: readonly LabelledPrediction[]): ConfusionMatrix {
  const counts = { cat: { cat: 0, dog: 0 }, dog: { cat: 0, dog: 0 } };
  for (const { label, pDog } of predictions) counts[label][predictedLabel(pDog)]++;
  return counts;
}
