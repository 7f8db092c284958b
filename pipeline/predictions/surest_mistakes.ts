import { type LabelledPrediction, predictedLabel } from "./metrics.ts";

/** The predictions that are wrong, the surest first. */
export function surestMistakes<Prediction extends LabelledPrediction>(
  predictions: readonly Prediction[],
  most = Infinity,
): Prediction[] {
  return predictions.filter(({ label, pDog }) => predictedLabel(pDog) !== label)
    .sort((a, b) => Math.abs(b.pDog - 0.5) - Math.abs(a.pDog - 0.5)).slice(0, most);
}
