import { fusionHead } from "../../../model/networks/fused/fusion_net.ts";
import { initialHead } from "../../../model/networks/fused/head.ts";
import type { FeatureReader } from "../../features/store/feature_store.ts";
import { FusedFeatures, fusedWidth } from "../../features/fused_features.ts";
import { entryOf } from "../../../data/base/entry_of.ts";
import type { FoldedPhotos, LabelledId } from "../../photos/photo.ts";
import type { FusionNetworkRecipe } from "../../settings/recipe.ts";
import type { TrialTools } from "../classifier.ts";
import { evaluated, trainEpoch } from "./train_epochs.ts";

/** Logits of photos, each by a head that has trained on the other folds, in the order of the photos. */
export async function outOfFoldLogits(
  recipe: FusionNetworkRecipe,
  { photos, folds }: FoldedPhotos,
  reader: FeatureReader,
  tools: TrialTools,
): Promise<Float64Array> {
  const features = await FusedFeatures.read(reader, photos.map(({ id }) => id));
  const logitOf = new Map<string, number>();
  for (const fold of [...new Set(folds)].sort((a, b) => a - b)) {
    const train = photos.filter((_, k) => folds[k] !== fold);
    const held = photos.filter((_, k) => folds[k] === fold);
    const named = namedTools(tools, `fold ${fold}`, `fold ${fold + 1}`);
    const logits = await logitsByNewHead(recipe, { train, predicted: held, features }, reader, named);
    held.forEach(({ id }, k) => logitOf.set(id, logits[k]));
  }
  return Float64Array.from(photos, ({ id }) => entryOf(logitOf, id, "a photo's logit"));
}

/** Logits of photos by a head that has trained on all of them, in their order. */
export async function inSampleLogits(
  recipe: FusionNetworkRecipe,
  photos: readonly LabelledId[],
  reader: FeatureReader,
  tools: TrialTools,
): Promise<Float64Array> {
  const features = await FusedFeatures.read(reader, photos.map(({ id }) => id));
  const named = namedTools(tools, "all photos", "all photos");
  return await logitsByNewHead(recipe, { train: photos, predicted: photos, features }, reader, named);
}

/** Tools by which a head of several has random numbers of its own, and its name in what is shown. */
function namedTools(tools: TrialTools, purposes: string, shown: string): TrialTools {
  return {
    ...tools,
    random: (purpose) => tools.random(`${purposes} ${purpose}`),
    progress: (total, unit) => tools.progress(total, `${unit}, ${shown}`),
  };
}

/** Trains a head anew and takes it after its last epoch. */
async function logitsByNewHead(
  { momentum, batchSize, train: { epochs, rate } }: FusionNetworkRecipe,
  { train, predicted, features }: {
    readonly train: readonly LabelledId[];
    readonly predicted: readonly LabelledId[];
    readonly features: FusedFeatures;
  },
  { index }: FeatureReader,
  tools: TrialTools,
): Promise<Float64Array> {
  const head = fusionHead(fusedWidth(index.groups));
  const engine = await tools.engine();
  const spec = { head, tuned: [], momentum, batchSize };
  const inputs = (ids: readonly string[]) => Promise.resolve([features.of(ids)]);
  const trainer = await engine.train(spec, initialHead(head, tools.random("initial head")));
  try {
    for (let epoch = 1; epoch <= epochs; epoch++) {
      await trainEpoch(trainer, { train, batchSize, inputs }, epoch, { headRate: rate, backboneRate: 0 }, tools);
    }
    return await evaluated(trainer, predicted, inputs, tools);
  } finally {
    await trainer.close();
  }
}
