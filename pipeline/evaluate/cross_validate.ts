import { fusionHead } from "../../model/fusion_net.ts";
import { outOfFoldLogits } from "../../model/training/block_head.ts";
import { initialHead } from "../../model/training/head.ts";
import { labelNumbers, probability } from "../block_classifier.ts";
import { namedBlocks } from "../feature_blocks.ts";
import type { FeatureReader } from "../feature_store.ts";
import { judge, trainEpoch } from "../fit.ts";
import type { BlocksRecipe, NetworkRecipe, Recipe } from "../recipes.ts";
import type { StageTools } from "../stage.ts";
import type { FoldedPhotos } from "../suspicion_signals.ts";
import { featuresInMemory, fusedWidth } from "../train.ts";

type CrossValidationTools = Pick<StageTools, "engine" | "random" | "progress" | "signal">;

/**
 * P(dog) of each photo by a head that has not seen it: the recipe's head, trained on the features of all other folds.
 * The backbones stay frozen. Nothing is chosen by the photos that are judged: a network is taken after its last epoch.
 * @returns in the order of the photos
 */
export async function crossValidate(
  recipe: Recipe,
  folded: FoldedPhotos,
  reader: FeatureReader,
  tools: CrossValidationTools,
): Promise<number[]> {
  return recipe.kind === "blocks"
    ? await crossValidateBlocks(recipe, folded, reader)
    : await crossValidateNetwork(recipe, folded, reader, tools);
}

async function crossValidateBlocks(
  { blocks, penalty }: BlocksRecipe,
  { photos, folds }: FoldedPhotos,
  reader: FeatureReader,
): Promise<number[]> {
  const features = await reader.features("train", photos.map(({ id }) => id), blocks);
  const named = namedBlocks(reader.index.blocks, blocks);
  return [...outOfFoldLogits(features, named, labelNumbers(photos), folds, { penalty })].map(probability);
}

async function crossValidateNetwork(
  { momentum, batchSize, train }: NetworkRecipe,
  { photos, folds }: FoldedPhotos,
  reader: FeatureReader,
  tools: CrossValidationTools,
): Promise<number[]> {
  const engine = await tools.engine();
  const head = fusionHead(fusedWidth(reader.index));
  const inputs = await featuresInMemory(reader, photos.map(({ id }) => id));
  const pDog = new Map<string, number>();
  for (const fold of [...new Set(folds)].sort((a, b) => a - b)) {
    const ofFold = {
      random: (purpose: string) => tools.random(`fold ${fold} ${purpose}`),
      progress: (total: number, unit: string) => tools.progress(total, `${unit}, fold ${fold + 1}`),
      signal: tools.signal,
    };
    const others = { train: photos.filter((_, k) => folds[k] !== fold), batchSize, inputs };
    const held = photos.filter((_, k) => folds[k] === fold);
    const trainer = await engine.train(
      { head, tuned: [], momentum, batchSize },
      initialHead(head, ofFold.random("initial head")),
    );
    try {
      for (let epoch = 1; epoch <= train.epochs; epoch++) {
        await trainEpoch(trainer, others, epoch, { headRate: train.rate, tunedRate: 0 }, ofFold);
      }
      const judged = await judge(trainer, held, inputs, ofFold);
      held.forEach(({ id }, k) => pDog.set(id, judged.pDog[k]));
    } finally {
      await trainer.close();
    }
  }
  return photos.map(({ id }) => pDog.get(id) ?? NaN);
}
