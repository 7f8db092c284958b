import type { PhotoError } from "../../data/photo_error.ts";
import type { PhotoToTransform } from "../../data/picture/batches/batch_transform.ts";
import type { FeatureGroup } from "../../model/linear/feature_group.ts";
import type { TensorMap } from "../../model/tensor.ts";
import type { Predictor } from "../classifier/classifier.ts";
import { openClassifier } from "../classifier/open_classifier.ts";
import { extractedOutputs } from "../features/backbone_outputs.ts";
import { extractedBatches, type Extraction, type PhotoToExtract } from "../features/extract/extracted_batches.ts";
import type { BackboneRanges } from "../features/precision/backbone_ranges.ts";
import { probabilities } from "../predictions/logits.ts";
import type { StageTools } from "../runner/stage.ts";
import type { Config } from "../settings/config.ts";

/** A photo to predict; it is read when its turn comes. How it is trimmed is the run's to say. */
export type PhotoToPredict = Omit<PhotoToExtract, "box">;

/** A photo, and its P(dog) or what is wrong with it. */
export type Prediction<Photo> = readonly [photo: Photo, pDog: number | PhotoError];

/** A photo as the run trims it, beside the one that was asked about. */
interface CutPhoto<Photo> extends PhotoToExtract {
  readonly photo: Photo;
}

/** Of a run's settings, what its classifier and the photos it predicts depend on. */
export type TrainedBy = Pick<Config, "hyperparameters" | "trimTest">;

/**
 * A finished run's classifier, for any photos: trimmed, sized and computed exactly as the run does with its photos to
 * predict. Opened once, it answers any number of calls, several at a time too.
 */
export class TrainedClassifier {
  private constructor(
    readonly extraction: Extraction,
    readonly groups: readonly FeatureGroup[],
    readonly predictor: Predictor,
    readonly box: PhotoToTransform["box"],
  ) {}

  /**
   * @param state what the run's `finetune` has kept
   * @param ranges by which the run's features were computed in integers, if they were
   */
  static async open(
    { hyperparameters, trimTest }: TrainedBy,
    state: TensorMap,
    tools: Pick<StageTools, "engine" | "backbones">,
    ranges?: BackboneRanges,
  ): Promise<TrainedClassifier> {
    const opened = await openClassifier({ recipe: hyperparameters, state, tools, ranges });
    const { engine, backbones, groups, extractor, predictor } = opened;
    const extraction = { engine, extractor, backbones };
    return new TrainedClassifier(extraction, groups, predictor, trimTest ? "trimmed" : undefined);
  }

  /**
   * The probability of a dog of each photo, from a file or from memory; of what is no photo, what is wrong with it. Of
   * any number of photos a few batches are in memory at a time; one alone is answered without waiting for others.
   * @returns in the order of the photos, but for those that cannot be read, which are told as soon as that is seen
   */
  async *predict<Photo extends PhotoToPredict>(
    photos: Iterable<Photo>,
    signal?: AbortSignal,
  ): AsyncGenerator<Prediction<Photo>> {
    const unreadable: Prediction<Photo>[] = [];
    const options = {
      signal,
      unreadable: ({ photo }: CutPhoto<Photo>, error: PhotoError) => void unreadable.push([photo, error]),
    };
    for await (const { photos: some, extracted } of extractedBatches(this.#cut(photos), this.extraction, options)) {
      yield* unreadable.splice(0);
      const pDog = probabilities(await this.predictor.logits(extractedOutputs(extracted, this.groups)));
      for (const [k, { photo }] of some.entries()) yield [photo, pDog[k]];
    }
    yield* unreadable;
  }

  async close(): Promise<void> {
    await this.predictor.close();
    await this.extraction.extractor.close();
  }

  *#cut<Photo extends PhotoToPredict>(photos: Iterable<Photo>): Generator<CutPhoto<Photo>> {
    const { box } = this;
    for (const photo of photos) {
      yield { name: photo.name, bytes: photo.bytes, box, read: () => photo.read(), photo };
    }
  }
}
