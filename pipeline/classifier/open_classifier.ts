import type { Engine } from "../../model/engines/engine.ts";
import type { FeatureGroup } from "../../model/linear/feature_group.ts";
import type { TensorMap } from "../../model/tensor.ts";
import type { Backbone } from "../../model/weights/backbone.ts";
import { type ExtractorOptions, FeatureExtractor, featureGroups } from "../features/extract/feature_extractor.ts";
import type { BackboneRanges } from "../features/precision/backbone_ranges.ts";
import type { StageTools } from "../runner/stage.ts";
import type { Recipe } from "../settings/recipe.ts";
import type { Predictor } from "./classifier.ts";
import { classifierOf } from "./classifier_of.ts";

/** What it takes to open what a run has trained. */
export interface ClassifierToOpen {
  readonly recipe: Recipe;
  /** What the run's `finetune` has kept. */
  readonly state: TensorMap;
  readonly tools: Pick<StageTools, "engine" | "backbones">;
  /** By which the run's features were computed in integers, if they were. */
  readonly ranges?: BackboneRanges;
  /** The values inside the backbones that are wanted besides features. */
  values?(predictor: Predictor, backbones: readonly Backbone[]): ExtractorOptions["values"];
}

/** A trained classifier and the backbones that give it its features. Whoever opened them closes predictor and extractor. */
export interface OpenedClassifier {
  readonly engine: Engine;
  readonly backbones: readonly Backbone[];
  readonly groups: readonly FeatureGroup[];
  readonly extractor: FeatureExtractor;
  readonly predictor: Predictor;
}

/** Opens a trained classifier with its backbones; where they do not compile, nothing stays open. */
export async function openClassifier(
  { recipe, state, tools, ranges, values }: ClassifierToOpen,
): Promise<OpenedClassifier> {
  const classifier = classifierOf(recipe);
  const engine = await tools.engine();
  const backbones = await tools.backbones();
  const groups = featureGroups(backbones);
  const predictor = await classifier.open(state, "finetune", { ...tools, groups });
  await using opened = new AsyncDisposableStack();
  opened.defer(() => predictor.close());
  const extractor = await FeatureExtractor.create(engine, backbones, {
    givesCutPoints: classifier.usesCutPoints,
    values: values?.(predictor, backbones),
    ranges: ranges?.backbones,
  });
  opened.move();
  return { engine, backbones, groups, extractor, predictor };
}
