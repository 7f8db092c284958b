import { whiteBorder } from "../../data/picture/facts/borders.ts";
import { withPixels } from "../../data/picture/decode.ts";
import { PhotoError } from "../../data/photo_error.ts";
import { batchTransform, type PhotoToTransform } from "../../data/picture/batches/batch_transform.ts";
import type { TensorMap } from "../../model/tensor.ts";
import type { Backbone } from "../../model/weights/backbone.ts";
import { extractedOutputs } from "../features/backbone_outputs.ts";
import { FeatureExtractor, featureGroups } from "../features/extract/feature_extractor.ts";
import type { FeatureGroup } from "../../model/linear/feature_group.ts";
import { assertFiniteFeatures } from "../features/extract/finite_activations.ts";
import { photoSizes } from "../features/extract/photo_batches.ts";
import { probabilities } from "../predictions/logits.ts";
import type { StageTools } from "../runner/stage.ts";
import type { Recipe } from "../settings/recipe.ts";
import type { Predictor } from "../classifier/classifier.ts";
import { classifierOf } from "../classifier/classifier_of.ts";

/** A photo to predict; its file is read when its turn comes. */
export interface PhotoToPredict {
  /** What messages call it. */
  readonly name: string;
  read(): Promise<Uint8Array>;
}

/** A photo that could be read. */
interface NamedPhoto extends PhotoToTransform {
  readonly name: string;
}

/** A finished run's classifier, for any photos: trimmed, sized and computed exactly as in the run. */
export class TrainedClassifier {
  private constructor(
    /** How many photos suit the device at once. */
    readonly batchSize: number,
    readonly backbones: readonly Backbone[],
    readonly groups: readonly FeatureGroup[],
    readonly extractor: FeatureExtractor,
    readonly predictor: Predictor,
  ) {}

  /** @param state what the run's `finetune` has kept */
  static async open(
    recipe: Recipe,
    state: TensorMap,
    tools: Pick<StageTools, "engine" | "backbones">,
  ): Promise<TrainedClassifier> {
    const classifier = classifierOf(recipe);
    const engine = await tools.engine();
    const backbones = await tools.backbones();
    const groups = featureGroups(backbones);
    const predictor = await classifier.open(state, "finetune", { ...tools, groups });
    const extractor = await FeatureExtractor.create(engine, backbones, classifier.usesCutPoints);
    return new TrainedClassifier(engine.batchSize, backbones, groups, extractor, predictor);
  }

  /**
   * The probability of a dog of each photo, in their order; of what is no photo, what is wrong with it.
   * @param photos no more at a time than there is memory for: `batchSize` suits the device
   */
  async predict(photos: readonly PhotoToPredict[]): Promise<(number | PhotoError)[]> {
    const opened = await Promise.all(photos.map(trimmed));
    const readable = opened.flatMap((photo) => photo instanceof PhotoError ? [] : [photo]);
    const pDog = readable.length === 0 ? [] : await this.#pDog(readable);
    let next = 0;
    return opened.map((photo) => photo instanceof PhotoError ? photo : pDog[next++]);
  }

  async close(): Promise<void> {
    await this.predictor.close();
    await this.extractor.close();
  }

  async #pDog(photos: readonly NamedPhoto[]): Promise<number[]> {
    const inputs = await batchTransform(photos, photoSizes(this.backbones));
    const extracted = await this.extractor.extract(inputs);
    const names = photos.map(({ name }) => name);
    await assertFiniteFeatures(this.extractor.engine, this.backbones, { names, inputs, extracted });
    return probabilities(await this.predictor.logits(extractedOutputs(extracted, this.groups)));
  }
}

/** A photo without its white border, ready to transform; or what is wrong with it. */
async function trimmed({ name, read }: PhotoToPredict): Promise<NamedPhoto | PhotoError> {
  try {
    const bytes = await read();
    const box = await withPixels(bytes, whiteBorder);
    return { name, bytes: bytes.length, read: () => Promise.resolve(bytes), box };
  } catch (thrown) {
    if (thrown instanceof PhotoError) return thrown;
    throw thrown;
  }
}
