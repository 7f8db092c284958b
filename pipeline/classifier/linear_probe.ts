import { type BlockHead, blockHeadLogits, fitBlockHead, outOfFoldLogits } from "../../model/linear/linear_probe.ts";
import type { Tensor, TensorMap } from "../../model/tensor.ts";
import { tensorFile } from "./checkpoint.ts";
import { type FeatureBlock, namedBlocks } from "../features/feature_groups.ts";
import type { FeatureReader } from "../features/feature_store.ts";
import { type Epoch, type Fitted, FITTED_STATE } from "./fit.ts";
import { accuracy, type LabelledPrediction, logLoss } from "../predictions/metrics.ts";
import { type FoldedPhotos, type LabelledId, labelNumber } from "../photos/photo.ts";
import type { BlocksRecipe } from "../settings/recipes.ts";
import type { StageTools } from "../runner/stage.ts";
import { stopwatch } from "../files/stopwatch.ts";
import { turnsFor } from "../files/yield_to_event_loop.ts";

/** P(dog) from log-odds. */
export function probability(logOdds: number): number {
  return 1 / (1 + Math.exp(-logOdds));
}

/** Labels as the heads take them: 0 for cat, 1 for dog. */
export function labelNumbers(photos: readonly LabelledId[]): Uint8Array {
  return Uint8Array.from(photos, ({ label }) => labelNumber(label));
}

/** Of a blocks recipe, what its head is run by. */
export type HeadRecipe = Pick<BlocksRecipe, "blocks" | "squareRoots">;

/** Of a blocks recipe, what its head is fitted by. */
export type FittedHeadRecipe = HeadRecipe & Pick<BlocksRecipe, "penalty" | "regressions">;

/**
 * The head of a blocks recipe.
 * @param stored what a photo has
 * @throws RangeError when a block is not among the stored ones.
 */
export function blockHead({ blocks, squareRoots }: HeadRecipe, stored: readonly FeatureBlock[]): BlockHead {
  return { blocks: namedBlocks(stored, blocks), squareRoots };
}

/**
 * Log-odds of dog of training photos, each by a blocks recipe's head that was fitted to the other folds.
 * @returns in the order of the photos
 */
export async function outOfFoldLogOdds(
  { penalty, regressions, ...recipe }: FittedHeadRecipe,
  { photos, folds }: FoldedPhotos,
  reader: FeatureReader,
  tools: Pick<StageTools, "progress" | "signal">,
): Promise<Float64Array> {
  const features = await reader.features("train", photos.map(({ id }) => id), recipe.blocks);
  const progress = tools.progress(recipe.blocks.length, "layers");
  const options = {
    penalty,
    regressions,
    pause: turnsFor(tools.signal),
    fitted: (layers: number) => progress.advance(layers),
  };
  const head = blockHead(recipe, reader.index.blocks);
  const logits = await outOfFoldLogits(features, head, labelNumbers(photos), folds, options);
  progress.finish();
  return logits;
}

/** Photos to fit a block head on, and to validate it. */
export interface BlockFit {
  readonly recipe: FittedHeadRecipe;
  readonly reader: FeatureReader;
  readonly train: readonly LabelledId[];
  readonly validation: readonly LabelledId[];
}

/**
 * Fits a block head, validates it and writes it as the stage's state. One fit takes the place of a network's epochs: it
 * ends at the optimum.
 * @param start the head that the fit has to better on the validation photos, or it is kept; none at first.
 */
export async function fitBlocks(
  { recipe, reader, train, validation }: BlockFit,
  tools: StageTools,
  start?: TensorMap,
): Promise<Fitted> {
  const head = blockHead(recipe, reader.index.blocks);
  const features = async (photos: readonly LabelledId[]) =>
    await reader.features("train", photos.map(({ id }) => id), recipe.blocks);
  const trainFeatures = await features(train);
  const validationFeatures = await features(validation);
  const epochs: Epoch[] = [];
  const judgeEpoch = (state: TensorMap, epoch: number, seconds: () => number) => {
    const trained = predictionsOf(trainFeatures, head, state, train);
    const validated = predictionsOf(validationFeatures, head, state, validation);
    epochs.push({
      epoch,
      trainLoss: epoch === 0 ? null : logLoss(trained),
      trainAccuracy: epoch === 0 ? null : accuracy(trained),
      validationLoss: logLoss(validated),
      validationAccuracy: accuracy(validated),
      headRate: 0,
      tunedRate: 0,
      seconds: seconds(),
    });
  };
  const seconds = stopwatch();
  if (start) judgeEpoch(start, 0, seconds);
  const { penalty, regressions } = recipe;
  const pause = turnsFor(tools.signal);
  const fitted = await fitBlockHead(trainFeatures, head, labelNumbers(train), { penalty, regressions, pause });
  judgeEpoch(fitted, 1, seconds);
  const [first, last = first] = epochs;
  const keepsStart = start !== undefined && first.validationLoss <= last.validationLoss;
  await tools.folder.write(FITTED_STATE, tensorFile(keepsStart ? start : fitted));
  return { epochs, best: keepsStart ? 0 : 1 };
}

function predictionsOf(
  features: Tensor,
  head: BlockHead,
  state: TensorMap,
  photos: readonly LabelledId[],
): LabelledPrediction[] {
  const logits = blockHeadLogits(features, head, state);
  return photos.map(({ label }, k) => ({ label, pDog: probability(logits[k]) }));
}

/** P(dog) of photos by a block head. */
export async function predictBlocks(
  recipe: HeadRecipe,
  reader: FeatureReader,
  state: TensorMap,
  set: "train" | "test",
  ids: readonly string[],
): Promise<number[]> {
  if (ids.length === 0) return [];
  const features = await reader.features(set, ids, recipe.blocks);
  return [...blockHeadLogits(features, blockHead(recipe, reader.index.blocks), state)].map(probability);
}
