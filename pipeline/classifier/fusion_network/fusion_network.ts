import { addHead } from "../../../model/engines/onnx/graphs/add_head.ts";
import type { OnnxGraph } from "../../../model/engines/onnx/graphs/onnx_graph.ts";
import type { FeatureGroup } from "../../../model/linear/feature_group.ts";
import { fusionHead } from "../../../model/networks/fused/fusion_net.ts";
import { initialHead } from "../../../model/networks/fused/head.ts";
import type { TensorMap } from "../../../model/tensor.ts";
import { FUSED_GROUPS } from "../../features/extract/feature_extractor.ts";
import type { FeatureReader } from "../../features/store/feature_store.ts";
import type { Json } from "../../files/hashing.ts";
import { FusedFeatures, fusedWidth } from "../../features/fused_features.ts";
import type { FoldedPhotos, LabelledId } from "../../photos/photo.ts";
import type { FusionNetworkRecipe } from "../../settings/recipe.ts";
import type {
  Classifier,
  ClassifierStage,
  FitTools,
  PhotosToFit,
  Predictor,
  PredictorTools,
  RefitTools,
  TransformedPhotos,
  TrialTools,
} from "../classifier.ts";
import type { FitResult } from "../fitted.ts";
import { rescanHyperparameters } from "../hyperparameters.ts";
import type { LastPart } from "../last_part.ts";
import { CompiledFusion } from "./compiled_fusion.ts";
import { fusedNetwork, fusedState } from "./fused_network.ts";
import { headPredictor } from "./head_predictor.ts";
import { type TrainedEpochs, trainEpochs } from "./train_epochs.ts";
import { inSampleLogits, outOfFoldLogits } from "./train_head.ts";

/** Photos that are predicted at a time: their activations at the cut points take 1.7 MB each at full width. */
const PREDICTED_AT_ONCE = 32;

/**
 * The write-up's way: a network on both backbones' features, trained by SGD; then the last blocks of both train with it,
 * from the cut points on.
 */
export class FusionNetwork implements Classifier {
  readonly usesCutPoints = true;
  readonly groupsRead = FUSED_GROUPS;

  constructor(readonly recipe: FusionNetworkRecipe) {}

  get outlierRules(): FusionNetworkRecipe["outliers"] {
    return this.recipe.outliers;
  }

  hyperparametersFor(stage: ClassifierStage): Json {
    const { kind, inputScales, momentum, batchSize, train, finetune } = this.recipe;
    switch (stage) {
      case "train":
        return { kind, train, momentum, batchSize };
      case "rescan":
        return rescanHyperparameters(this.recipe, { kind, train, momentum, batchSize });
      case "finetune":
        return { kind, inputScales, finetune, momentum, batchSize };
      case "predict":
        return { kind, inputScales };
    }
  }

  withEpochs(epochs: number): FusionNetworkRecipe {
    return { ...this.recipe, train: { ...this.recipe.train, epochs } };
  }

  /** Trains the head on the frozen backbones' features. */
  async fit(photos: PhotosToFit, reader: FeatureReader, tools: FitTools): Promise<FitResult> {
    const { train: { epochs, rate }, momentum, batchSize } = this.recipe;
    const engine = await tools.engine();
    const head = fusionHead(fusedWidth(reader.index.groups));
    const features = await FusedFeatures.read(reader, [...photos.train, ...photos.validation].map(({ id }) => id));
    const trained = await trainEpochs({
      ...photos,
      epochs,
      batchSize,
      rates: { headRate: rate, backboneRate: 0 },
      startCounts: false,
      inputs: (ids) => Promise.resolve([features.of(ids)]),
      start: (state) => engine.train({ head, tuned: [], momentum, batchSize }, state),
      initialState: initialHead(head, tools.random("initial head")),
    }, tools);
    return told(trained);
  }

  /** Trains the backbones' last blocks together with the head. */
  async refit(
    photos: PhotosToFit,
    start: TensorMap,
    { cutPoints }: TransformedPhotos,
    tools: RefitTools,
  ): Promise<FitResult> {
    const { finetune: { epochs, headRate, backboneRate, patience }, momentum, batchSize } = this.recipe;
    const engine = await tools.engine();
    const backbones = await tools.backbones();
    const spec = { ...fusedNetwork(backbones), momentum, batchSize };
    const trained = await trainEpochs({
      ...photos,
      epochs,
      batchSize,
      rates: { headRate, backboneRate },
      patience,
      startCounts: true,
      inputs: (ids) => cutPoints.of("train", ids),
      start: (state) => engine.train(spec, state),
      initialState: fusedState(backbones, start),
    }, tools);
    return told(trained);
  }

  outOfFold(folded: FoldedPhotos, features: FeatureReader, tools: TrialTools): Promise<Float64Array> {
    return outOfFoldLogits(this.recipe, folded, features, tools);
  }

  inSample(photos: readonly LabelledId[], features: FeatureReader, tools: TrialTools): Promise<Float64Array> {
    return inSampleLogits(this.recipe, photos, features, tools);
  }

  async open(state: TensorMap, leftBy: "train" | "finetune", tools: PredictorTools): Promise<Predictor> {
    const engine = await tools.engine();
    // As training computes.
    engine.halves?.leave();
    if (leftBy === "train") {
      return await headPredictor(fusionHead(fusedWidth(tools.groups)), FUSED_GROUPS, state, engine);
    }
    const compiled = await CompiledFusion.compile(engine, fusedNetwork(await tools.backbones()), state);
    return {
      batchSize: PREDICTED_AT_ONCE,
      logits: async (photos) => await compiled.logits(await photos.cutPoints()),
      close: () => compiled.close(),
    };
  }

  lastPart(groups: readonly FeatureGroup[]): LastPart {
    return { kind: "head", groups: FUSED_GROUPS, head: fusionHead(fusedWidth(groups)) };
  }

  addToOnnx(graph: OnnxGraph, state: TensorMap, groups: readonly FeatureGroup[]): string {
    const features = graph.node("Concat", FUSED_GROUPS, "head/features", { axis: { int: 1 } });
    return addHead(graph, fusionHead(fusedWidth(groups)), state, features);
  }
}

/** Epochs as every classifier tells of its states. */
function told({ epochs, best }: TrainedEpochs): FitResult {
  const nameOf = (epoch: number) => `epoch ${epoch}`;
  const states = epochs.map(({ epoch, headRate, backboneRate, ...validated }) => ({
    name: nameOf(epoch),
    ...validated,
    rates: { head: headRate, backbone: backboneRate },
  }));
  return { fitted: { states, kept: nameOf(best) }, counts: { epochs: epochs.length, "best epoch": best } };
}
