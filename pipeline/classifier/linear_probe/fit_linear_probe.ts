import { fitLinearProbe } from "../../../model/linear/fit_linear_probe.ts";
import { linearProbeLogits } from "../../../model/linear/linear_probe.ts";
import type { Tensor, TensorMap } from "../../../model/tensor.ts";
import type { FeatureReader } from "../../features/store/feature_store.ts";
import { yieldToEventLoop } from "../../files/yield_to_event_loop.ts";
import { type LabelledId, labelNumbers } from "../../photos/photo.ts";
import { probabilities } from "../../predictions/logits.ts";
import { accuracy, logLoss } from "../../predictions/metrics.ts";
import type { StageTools } from "../../runner/stage.ts";
import type { LinearProbeRecipe } from "../../settings/recipe.ts";
import type { PhotosToFit } from "../classifier.ts";
import type { FittedState } from "../fitted.ts";
import { probeOf } from "./probe_of.ts";

/** A regression's state, and how it does. */
export interface ValidatedProbe {
  readonly state: TensorMap;
  readonly told: FittedState;
}

/** Some photos with the features that a probe reads. */
interface PhotosWithFeatures {
  readonly photos: readonly LabelledId[];
  /** `[photos, width]`. */
  readonly features: Tensor;
}

/** Fits a linear probe, to its optimum, and validates it; and validates another state on the same photos. */
export class LinearProbeFit {
  private constructor(
    readonly recipe: LinearProbeRecipe,
    readonly reader: FeatureReader,
    readonly train: PhotosWithFeatures,
    readonly validation: PhotosWithFeatures,
  ) {}

  /** Reads the photos' features. */
  static async read(
    recipe: LinearProbeRecipe,
    reader: FeatureReader,
    { train, validation }: PhotosToFit,
  ): Promise<LinearProbeFit> {
    const read = async (photos: readonly LabelledId[]): Promise<PhotosWithFeatures> => ({
      photos,
      features: await reader.features("train", photos.map(({ id }) => id), recipe.groups),
    });
    return new LinearProbeFit(recipe, reader, await read(train), await read(validation));
  }

  /** Fits one to the training photos. */
  async fitted(name: string, { signal }: Pick<StageTools, "signal">): Promise<ValidatedProbe> {
    const started = Date.now();
    const { photos, features } = this.train;
    const state = await fitProbe(this.recipe, this.reader, { photos, features }, signal);
    const trained = this.#measured(state, this.train);
    const told = { ...this.#validated(name, state), trainLoss: trained.loss, trainAccuracy: trained.accuracy };
    return { state, told: { ...told, seconds: (Date.now() - started) / 1000 } };
  }

  /** Validates one that was fitted before, to other photos. */
  given(name: string, state: TensorMap): ValidatedProbe {
    const started = Date.now();
    const told = this.#validated(name, state);
    return { state, told: { ...told, seconds: (Date.now() - started) / 1000 } };
  }

  #validated(name: string, state: TensorMap) {
    const { loss, accuracy } = this.#measured(state, this.validation);
    const untrained = { trainLoss: null, trainAccuracy: null };
    return { name, ...untrained, validationLoss: loss, validationAccuracy: accuracy, rates: null };
  }

  #measured(state: TensorMap, { photos, features }: PhotosWithFeatures): { loss: number; accuracy: number } {
    const logits = linearProbeLogits(features, probeOf(this.recipe, this.reader.index.groups), state);
    const predictions = probabilities(logits).map((pDog, k) => ({ label: photos[k].label, pDog }));
    return { loss: logLoss(predictions), accuracy: accuracy(predictions) };
  }
}

/** The state of a linear probe that is fitted to photos. */
export async function fitProbe(
  recipe: LinearProbeRecipe,
  { index }: FeatureReader,
  { photos, features }: PhotosWithFeatures,
  signal: AbortSignal,
): Promise<TensorMap> {
  const { l2, regressions } = recipe;
  const options = { l2, regressions, pause: () => yieldToEventLoop(signal) };
  return await fitLinearProbe(features, probeOf(recipe, index.groups), labelNumbers(photos), options);
}
