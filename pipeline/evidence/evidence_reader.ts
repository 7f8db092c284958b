import { batchTransform } from "../../data/picture/batches/batch_transform.ts";
import type { Box } from "../../data/picture/pixels.ts";
import { sigmoid } from "../../model/logits.ts";
import type { FeatureGroup } from "../../model/linear/feature_group.ts";
import type { Engine } from "../../model/engines/engine.ts";
import type { TensorMap } from "../../model/tensor.ts";
import type { Backbone } from "../../model/weights/backbone.ts";
import type { Predictor } from "../classifier/classifier.ts";
import { openClassifier } from "../classifier/open_classifier.ts";
import { extractedOutputs } from "../features/backbone_outputs.ts";
import type { FeatureExtractor } from "../features/extract/feature_extractor.ts";
import { assertFiniteFeatures } from "../features/extract/finite_activations.ts";
import { photoSizes } from "../features/extract/extracted_batches.ts";
import type { BackboneRanges } from "../features/precision/backbone_ranges.ts";
import type { ExtractedFeatures } from "../features/store/feature_store.ts";
import type { StageTools } from "../runner/stage.ts";
import type { Recipe } from "../settings/recipe.ts";
import type { EvidenceMap } from "./evidence_map.ts";
import { mapOf, valuesToSee } from "./map_of.ts";

/** A photo whose evidence is asked for. */
export interface PhotoToExplain {
  /** What messages call it. */
  readonly name: string;
  readonly bytes: Uint8Array;
  /** What trimming left of it. */
  readonly box: Box;
  /** Of the whole photo, in pixels. */
  readonly width: number;
  readonly height: number;
}

/** What a classifier sees in a photo. */
export interface Evidence {
  /** The logit of dog, and its probability. */
  readonly logit: number;
  readonly pDog: number;
  readonly map: EvidenceMap;
  /** All that the backbones made of it, by which photos like it are found. */
  readonly extracted: ExtractedFeatures;
}

/** A run's classifier with the backbones opened so that they tell where their features come from. */
export class EvidenceReader {
  private constructor(
    readonly engine: Engine,
    readonly backbones: readonly Backbone[],
    readonly groups: readonly FeatureGroup[],
    readonly extractor: FeatureExtractor,
    readonly predictor: Predictor,
  ) {}

  /**
   * @param state what the run's `finetune` has kept
   * @param ranges by which the run's features were computed in integers, if they were
   */
  static async open(
    recipe: Recipe,
    state: TensorMap,
    tools: Pick<StageTools, "engine" | "backbones">,
    ranges?: BackboneRanges,
  ): Promise<EvidenceReader> {
    const { engine, backbones, groups, extractor, predictor } = await openClassifier({
      recipe,
      state,
      tools,
      ranges,
      values: valuesToSee,
    });
    return new EvidenceReader(engine, backbones, groups, extractor, predictor);
  }

  /**
   * What the classifier sees in a photo, and where.
   * @throws PhotoError when the bytes are no picture.
   */
  async read({ name, bytes, ...photo }: PhotoToExplain): Promise<Evidence> {
    const toTransform = { bytes: bytes.length, box: photo.box, read: () => Promise.resolve(bytes) };
    const batching = { sizes: photoSizes(this.backbones), batchSize: 1 };
    const [{ inputs }] = await Array.fromAsync(batchTransform([toTransform], batching));
    const { extracted, values } = await this.extractor.extractWithValues(inputs);
    await assertFiniteFeatures(this.engine, this.backbones, { names: [name], inputs, extracted });
    const outputs = extractedOutputs(extracted, this.groups);
    const [logit] = await this.predictor.logits(outputs);
    const batchSize = Math.min(this.engine.batchSize, this.predictor.batchSize);
    const map = await mapOf({ ...this, batchSize }, { inputs, outputs, values, logit }, photo);
    return { logit, pDog: sigmoid(logit), map, extracted };
  }

  async close(): Promise<void> {
    await this.predictor.close();
    await this.extractor.close();
  }
}
