import { addLinearProbe } from "../../../model/engines/onnx/graphs/add_linear_probe.ts";
import type { OnnxGraph } from "../../../model/engines/onnx/graphs/onnx_graph.ts";
import type { FeatureGroup } from "../../../model/linear/feature_group.ts";
import { outOfFoldLogits } from "../../../model/linear/fit_linear_probe.ts";
import { linearProbeLogits } from "../../../model/linear/linear_probe.ts";
import type { TensorMap } from "../../../model/tensor.ts";
import { storedType } from "../../features/store/feature_groups.ts";
import type { FeatureReader } from "../../features/store/feature_store.ts";
import type { Json } from "../../files/hashing.ts";
import { yieldToEventLoop } from "../../files/yield_to_event_loop.ts";
import { type FoldedPhotos, type LabelledId, labelNumbers } from "../../photos/photo.ts";
import type { LinearProbeRecipe } from "../../settings/recipe.ts";
import type {
  Classifier,
  ClassifierStage,
  FitTools,
  PhotosToFit,
  Predictor,
  PredictorTools,
  TransformedPhotos,
  TrialTools,
} from "../classifier.ts";
import type { FitResult } from "../fitted.ts";
import { rescanHyperparameters } from "../hyperparameters.ts";
import type { LastPart } from "../last_part.ts";
import { STATE_FILE, tensorFile } from "../state_file.ts";
import { fitProbe, LinearProbeFit } from "./fit_linear_probe.ts";
import { probeOf } from "./probe_of.ts";
import { probePredictor } from "./probe_predictor.ts";

/** Logistic regressions on groups of the frozen backbones' features, averaged; the second fit is the first once more. */
export class LinearProbe implements Classifier {
  readonly usesCutPoints = false;

  constructor(readonly recipe: LinearProbeRecipe) {}

  get outlierRules(): LinearProbeRecipe["outliers"] {
    return this.recipe.outliers;
  }

  get groupsRead(): readonly string[] {
    return this.recipe.groups;
  }

  hyperparametersFor(stage: ClassifierStage): Json {
    const { kind, inputScales, groups, hellinger, regressions, l2 } = this.recipe;
    const toPredict = { kind, inputScales, groups, hellinger };
    const toFit = { ...toPredict, regressions, l2 };
    if (stage === "rescan") return rescanHyperparameters(this.recipe, toFit);
    return stage === "predict" ? toPredict : toFit;
  }

  withEpochs(): undefined {
    return undefined;
  }

  async fit(photos: PhotosToFit, features: FeatureReader, tools: FitTools): Promise<FitResult> {
    const probe = await LinearProbeFit.read(this.recipe, features, photos);
    const { state, told } = await probe.fitted("first fit", tools);
    await tools.folder.write(STATE_FILE, tensorFile(state));
    return { fitted: { states: [told], kept: told.name }, counts: { fits: 1 } };
  }

  /** Keeps the first fit unless the second one has the lower validation loss. */
  async refit(
    photos: PhotosToFit,
    start: TensorMap,
    { features }: TransformedPhotos,
    tools: FitTools,
  ): Promise<FitResult> {
    const probe = await LinearProbeFit.read(this.recipe, features, photos);
    const first = probe.given("first fit", start);
    const refit = await probe.fitted("refit", tools);
    const kept = first.told.validationLoss <= refit.told.validationLoss ? first : refit;
    await tools.folder.write(STATE_FILE, tensorFile(kept.state));
    return {
      fitted: { states: [first.told, refit.told], kept: kept.told.name },
      counts: { fits: 2, "refit kept": kept === refit ? 1 : 0 },
    };
  }

  async outOfFold({ photos, folds }: FoldedPhotos, reader: FeatureReader, tools: TrialTools): Promise<Float64Array> {
    const { groups, l2, regressions } = this.recipe;
    const features = await reader.features("train", photos.map(({ id }) => id), groups);
    const progress = tools.progress(groups.length, "layers");
    const options = {
      l2,
      regressions,
      pause: () => yieldToEventLoop(tools.signal),
      fitted: (layers: number) => progress.advance(layers),
    };
    const probe = probeOf(this.recipe, reader.index.groups);
    const logits = await outOfFoldLogits(features, probe, labelNumbers(photos), folds, options);
    progress.finish();
    return logits;
  }

  async inSample(photos: readonly LabelledId[], reader: FeatureReader, { signal }: TrialTools): Promise<Float64Array> {
    const features = await reader.features("train", photos.map(({ id }) => id), this.recipe.groups);
    const state = await fitProbe(this.recipe, reader, { photos, features }, signal);
    return linearProbeLogits(features, probeOf(this.recipe, reader.index.groups), state);
  }

  open(state: TensorMap, _: "train" | "finetune", { groups }: PredictorTools): Promise<Predictor> {
    return Promise.resolve(probePredictor(probeOf(this.recipe, groups), this.recipe.groups, state));
  }

  lastPart(groups: readonly FeatureGroup[]): LastPart {
    return { kind: "linear probe", groups: this.recipe.groups, probe: probeOf(this.recipe, groups) };
  }

  addToOnnx(graph: OnnxGraph, state: TensorMap, groups: readonly FeatureGroup[]): string {
    return addLinearProbe(graph, probeOf(this.recipe, groups), state, storedType(groups) === "F16");
  }
}
