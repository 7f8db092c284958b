import { blockHeadLogits, fitBlockHead, type HeadBlock } from "../model/training/block_head.ts";
import type { Tensor, TensorMap } from "../model/tensor.ts";
import { tensorFile } from "./checkpoint.ts";
import { namedBlocks } from "./feature_blocks.ts";
import type { FeatureReader } from "./feature_store.ts";
import { type Epoch, type Fitted, FITTED_STATE } from "./fit.ts";
import { accuracy, type LabelledPrediction, logLoss } from "./metrics.ts";
import { type LabelledId, labelNumber } from "./photo.ts";
import type { BlocksRecipe } from "./recipes.ts";
import type { StageTools } from "./stage.ts";

/** P(dog) from log-odds. */
export function probability(logOdds: number): number {
  return 1 / (1 + Math.exp(-logOdds));
}

/** Labels as the heads take them: 0 for cat, 1 for dog. */
export function labelNumbers(photos: readonly LabelledId[]): Uint8Array {
  return Uint8Array.from(photos, ({ label }) => labelNumber(label));
}

/** Photos to fit a block head on, and to validate it. */
export interface BlockFit {
  readonly recipe: Pick<BlocksRecipe, "blocks" | "penalty">;
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
  const blocks = namedBlocks(reader.index.blocks, recipe.blocks);
  const features = async (photos: readonly LabelledId[]) =>
    await reader.features("train", photos.map(({ id }) => id), recipe.blocks);
  const trainFeatures = await features(train);
  const validationFeatures = await features(validation);
  const epochs: Epoch[] = [];
  const judgeEpoch = (state: TensorMap, epoch: number, started: number) => {
    const trained = predictionsOf(trainFeatures, blocks, state, train);
    const validated = predictionsOf(validationFeatures, blocks, state, validation);
    epochs.push({
      epoch,
      trainLoss: epoch === 0 ? null : logLoss(trained),
      trainAccuracy: epoch === 0 ? null : accuracy(trained),
      validationLoss: logLoss(validated),
      validationAccuracy: accuracy(validated),
      headRate: 0,
      tunedRate: 0,
      seconds: (Date.now() - started) / 1000,
    });
  };
  const started = Date.now();
  if (start) judgeEpoch(start, 0, started);
  const fitted = fitBlockHead(trainFeatures, blocks, labelNumbers(train), { penalty: recipe.penalty });
  judgeEpoch(fitted, 1, started);
  const [first, last = first] = epochs;
  const keepsStart = start !== undefined && first.validationLoss <= last.validationLoss;
  await tools.folder.write(FITTED_STATE, tensorFile(keepsStart ? start : fitted));
  return { epochs, best: keepsStart ? 0 : 1 };
}

function predictionsOf(
  features: Tensor,
  blocks: readonly HeadBlock[],
  state: TensorMap,
  photos: readonly LabelledId[],
): LabelledPrediction[] {
  const logits = blockHeadLogits(features, blocks, state);
  return photos.map(({ label }, k) => ({ label, pDog: probability(logits[k]) }));
}

/** P(dog) of photos by a block head. */
export async function predictBlocks(
  recipe: Pick<BlocksRecipe, "blocks">,
  reader: FeatureReader,
  state: TensorMap,
  set: "train" | "test",
  ids: readonly string[],
): Promise<number[]> {
  if (ids.length === 0) return [];
  const blocks = namedBlocks(reader.index.blocks, recipe.blocks);
  const features = await reader.features(set, ids, recipe.blocks);
  return [...blockHeadLogits(features, blocks, state)].map(probability);
}
