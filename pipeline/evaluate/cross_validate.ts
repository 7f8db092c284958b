import { fusionHead } from "../../model/networks/fusion_net.ts";
import { blockHeadLogits, fitBlockHead } from "../../model/linear/linear_probe.ts";
import { initialHead } from "../../model/networks/head.ts";
import { blockHead, labelNumbers, outOfFoldLogOdds, probability } from "../classifier/linear_probe.ts";
import type { FeatureReader } from "../features/feature_store.ts";
import { type FitPlan, judge, trainEpoch } from "../classifier/fit.ts";
import type { FoldedPhotos, LabelledId } from "../photos/photo.ts";
import type { BlocksRecipe, NetworkRecipe, Recipe } from "../settings/recipes.ts";
import type { StageTools } from "../runner/stage.ts";
import { featuresInMemory, fusedWidth } from "../stages/train.ts";
import { turnsFor } from "../files/yield_to_event_loop.ts";

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
  if (recipe.kind === "blocks") return [...await outOfFoldLogOdds(recipe, folded, reader, tools)].map(probability);
  const { photos, folds } = folded;
  const inputs = await featuresInMemory(reader, photos.map(({ id }) => id));
  const pDog = new Map<string, number>();
  for (const fold of [...new Set(folds)].sort((a, b) => a - b)) {
    const ofFold = {
      ...tools,
      random: (purpose: string) => tools.random(`fold ${fold} ${purpose}`),
      progress: (total: number, unit: string) => tools.progress(total, `${unit}, fold ${fold + 1}`),
    };
    const others = photos.filter((_, k) => folds[k] !== fold);
    const held = photos.filter((_, k) => folds[k] === fold);
    const judged = await judgedByNetwork(recipe, { train: others, judged: held, inputs }, reader, ofFold);
    held.forEach(({ id }, k) => pDog.set(id, judged[k]));
  }
  return photos.map(({ id }) => pDog.get(id) ?? NaN);
}

/**
 * P(dog) of each photo by the recipe's head trained on the features of all of them, as the write-up judges its photos.
 * @returns in the order of the photos
 */
export async function judgeInSample(
  recipe: Recipe,
  photos: readonly LabelledId[],
  reader: FeatureReader,
  tools: CrossValidationTools,
): Promise<number[]> {
  if (recipe.kind === "blocks") return await judgedByBlocks(recipe, photos, reader, tools);
  const ofAll = {
    ...tools,
    random: (purpose: string) => tools.random(`all photos ${purpose}`),
    progress: (total: number, unit: string) => tools.progress(total, `${unit}, all photos`),
  };
  const inputs = await featuresInMemory(reader, photos.map(({ id }) => id));
  return await judgedByNetwork(recipe, { train: photos, judged: photos, inputs }, reader, ofAll);
}

async function judgedByBlocks(
  { penalty, regressions, ...recipe }: BlocksRecipe,
  photos: readonly LabelledId[],
  reader: FeatureReader,
  { signal }: Pick<CrossValidationTools, "signal">,
): Promise<number[]> {
  const features = await reader.features("train", photos.map(({ id }) => id), recipe.blocks);
  const head = blockHead(recipe, reader.index.blocks);
  const options = { penalty, regressions, pause: turnsFor(signal) };
  const state = await fitBlockHead(features, head, labelNumbers(photos), options);
  return [...blockHeadLogits(features, head, state)].map(probability);
}

async function judgedByNetwork(
  { momentum, batchSize, train: { epochs, rate } }: NetworkRecipe,
  { train, judged, inputs }: Pick<FitPlan, "train" | "inputs"> & { readonly judged: readonly LabelledId[] },
  { index }: FeatureReader,
  tools: CrossValidationTools,
): Promise<number[]> {
  const head = fusionHead(fusedWidth(index));
  const engine = await tools.engine();
  const spec = { head, tuned: [], momentum, batchSize };
  const trainer = await engine.train(spec, initialHead(head, tools.random("initial head")));
  try {
    for (let epoch = 1; epoch <= epochs; epoch++) {
      await trainEpoch(trainer, { train, batchSize, inputs }, epoch, { headRate: rate, tunedRate: 0 }, tools);
    }
    return (await judge(trainer, judged, inputs, tools)).pDog;
  } finally {
    await trainer.close();
  }
}
