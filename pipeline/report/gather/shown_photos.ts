import { type LabelledPrediction, predictedLabel } from "../../predictions/metrics.ts";

/** The predictions that are wrong, the surest first. */
export function surestMistakes<Prediction extends LabelledPrediction>(
  predictions: readonly Prediction[],
  most: number,
): Prediction[] {
  return predictions.filter(({ label, pDog }) => predictedLabel(pDog) !== label)
    .sort((a, b) => Math.abs(b.pDog - 0.5) - Math.abs(a.pDog - 0.5)).slice(0, most);
}

/** Items spread evenly over a list, all of them where there are no more. */
export function evenly<T>(items: readonly T[], most: number): T[] {
  const step = Math.max(1, items.length / most);
  return Array.from({ length: Math.min(most, items.length) }, (_, k) => items[Math.floor(k * step)]);
}
