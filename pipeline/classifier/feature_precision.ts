import type { Config, Precision } from "../settings/config.ts";
import { classifierOf } from "./classifier_of.ts";

/** The precision that is asked for a run's features: training the backbones starts from what training computes. */
export function featurePrecision(
  { hyperparameters, precision }: Pick<Config, "hyperparameters" | "precision">,
): Precision {
  return classifierOf(hyperparameters).usesCutPoints ? "f32" : precision;
}
