import type { OutlierRules } from "../settings/recipe.ts";

/** In what order outliers are listed, and what is meant by it: by the rules that scored them. */
export function orderInWords(predicted: OutlierRules["predicted"]): string {
  return predicted === "in sample"
    ? "They are ordered by loss, the highest first: what the classifier that trained on a photo makes of its label."
    : "They are ordered by the worst of loss, distance and window. By loss, the worst is the photo whose label a " +
      "classifier that has not trained on it believes least; by distance, the one least like the photos most like it; " +
      "by window, the one with a part that speaks most for the other class. Each is counted in deviations from what " +
      "is usual, and a photo stands where the one by which it stands out most puts it.";
}
