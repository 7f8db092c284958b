import type { OnnxGraph } from "../../model/engines/onnx/graphs/onnx_graph.ts";
import type { TensorMap } from "../../model/tensor.ts";
import type { BackboneOutputs } from "../features/backbone_outputs.ts";
import type { CutPointInputs } from "../features/cut_points.ts";
import type { FeatureGroup } from "../../model/linear/feature_group.ts";
import type { LogitParts } from "../../model/linear/linear_probe.ts";
import type { FeatureReader } from "../features/store/feature_store.ts";
import type { Json } from "../files/hashing.ts";
import type { FoldedPhotos, LabelledId } from "../photos/photo.ts";
import type { StageTools } from "../runner/stage.ts";
import type { Recipe } from "../settings/recipe.ts";
import type { FitResult } from "./fitted.ts";
import type { LastPart } from "./last_part.ts";

/** The stages whose results depend on what the classifier is. */
export type ClassifierStage = "train" | "rescan" | "finetune" | "predict";

/** Photos to fit on, and those to validate by. */
export interface PhotosToFit {
  readonly train: readonly LabelledId[];
  readonly validation: readonly LabelledId[];
}

/** Whatever fits and keeps its state in a stage's folder. */
export type FitTools = Pick<
  StageTools,
  "folder" | "engine" | "random" | "progress" | "signal" | "say"
>;

/** What the second fit needs besides: it may go through the backbones. */
export type RefitTools = FitTools & Pick<StageTools, "backbones">;

/** Whatever fits for an answer alone and keeps nothing. */
export type TrialTools = Pick<StageTools, "engine" | "random" | "progress" | "signal">;

/** What a trained classifier needs to predict. */
export interface PredictorTools extends Pick<StageTools, "engine" | "backbones"> {
  /** The groups of features that a photo has. */
  readonly groups: readonly FeatureGroup[];
}

/** What the photos that were transformed have to give. */
export interface TransformedPhotos {
  readonly features: FeatureReader;
  readonly cutPoints: Pick<CutPointInputs, "of">;
}

/** The logit of a classifier that adds something up for each feature. */
export interface LogitSum {
  /** The groups of features that it reads. */
  readonly groups: readonly string[];
  /** What is added up for one photo. */
  parts(photo: BackboneOutputs): Promise<LogitParts>;
}

/** A trained classifier, ready to predict. */
export interface Predictor {
  /** How many photos it takes at a time without needing much memory. */
  readonly batchSize: number;
  /** The logit of dog of each photo, in their order. */
  logits(photos: BackboneOutputs): Promise<Float64Array>;
  /** Its logit taken apart, where it is such a sum. */
  readonly asSum?: LogitSum;
  close(): Promise<void>;
}

/**
 * What a recipe trains on the backbones' outputs. It is fitted twice: on all training photos, and, once outliers are set
 * aside, on those that are left; a fit keeps the state with the lowest validation loss as `state.safetensors`. States
 * are told apart by the stage that left them: `train` or `finetune`.
 *
 * Whatever asks for a classifier asks through this. A further kind is a folder with an implementation and a line in
 * `classifierOf`.
 */
export interface Classifier {
  /** The groups of features from which it predicts once it is fitted. */
  readonly groupsRead: readonly string[];

  /** Whether its second fit starts from the activations at the backbones' cut points. */
  readonly usesCutPoints: boolean;

  /** How its recipe tells outliers. */
  readonly outlierRules: Recipe["outliers"];

  /** Of its recipe, what the result of a stage depends on. */
  hyperparametersFor(stage: ClassifierStage): Json;

  /** Its recipe with another number of epochs for the first fit, or `undefined` where there are none. */
  withEpochs(epochs: number): Recipe | undefined;

  /** The first fit, on the features of the frozen backbones. */
  fit(photos: PhotosToFit, features: FeatureReader, tools: FitTools): Promise<FitResult>;

  /**
   * The second fit.
   * @param start the state that the first one left
   */
  refit(photos: PhotosToFit, start: TensorMap, transformed: TransformedPhotos, tools: RefitTools): Promise<FitResult>;

  /**
   * Logits of photos, each by a classifier that was fitted to the other folds and to nothing else: the backbones stay
   * frozen, and nothing is chosen by the photos that are predicted.
   * @returns in the order of the photos
   */
  outOfFold(folded: FoldedPhotos, features: FeatureReader, tools: TrialTools): Promise<Float64Array>;

  /**
   * Logits of photos by a classifier that was fitted in the same way to all of them.
   * @returns in the order of the photos
   */
  inSample(photos: readonly LabelledId[], features: FeatureReader, tools: TrialTools): Promise<Float64Array>;

  /** Opens a trained state to predict by: forward arithmetic alone. */
  open(state: TensorMap, leftBy: "train" | "finetune", tools: PredictorTools): Promise<Predictor>;

  /**
   * Adds what the second fit left to an ONNX graph of the backbones, which holds the groups it reads under their names.
   * @param groups all that a photo has
   * @returns the value with P(dog), `[batch]`
   */
  addToOnnx(graph: OnnxGraph, state: TensorMap, groups: readonly FeatureGroup[]): string;

  /** What it computes on those groups once the backbones hold what the second fit trained of them. */
  lastPart(groups: readonly FeatureGroup[]): LastPart;
}
