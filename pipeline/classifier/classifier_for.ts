import type { SettingObject } from "../runner/setting.ts";
import type { Recipe } from "../settings/recipe.ts";
import type { Classifier, ClassifierStage } from "./classifier.ts";
import { classifierOf } from "./classifier_of.ts";

/** What each stage does with the classifier. */
interface Uses {
  readonly train: "fit";
  readonly rescan: "open" | "outOfFold" | "outlierRules";
  readonly finetune: "refit";
  readonly predict: "open";
}

/** The part of a classifier that a stage uses. */
export type ClassifierOf<Stage extends ClassifierStage> = Pick<Classifier, Uses[Stage]>;

/** A recipe's classifier as a setting of a stage. */
export interface ClassifierSetting<Stage extends ClassifierStage> extends SettingObject {
  readonly classifier: ClassifierOf<Stage>;
}

/**
 * The classifier that a stage works with. Among the stage's params stands, of the recipe, what that stage's result
 * depends on, and no more is in reach.
 */
export function classifierFor<Stage extends ClassifierStage>(stage: Stage, recipe: Recipe): ClassifierSetting<Stage> {
  const classifier = classifierOf(recipe);
  return { classifier, toJSON: () => classifier.hyperparametersFor(stage) };
}
