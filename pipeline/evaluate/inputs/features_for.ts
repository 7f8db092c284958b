import { join } from "@std/path";
import { FeatureIndex, FeatureReader } from "../../features/store/feature_store.ts";
import { type Manifest, OUTPUT_FILE } from "../../store/manifest.ts";
import { inputSizes } from "../../weights/open_backbones.ts";
import type { Recipe } from "../../settings/recipe.ts";
import { RECIPES } from "../../settings/recipes.ts";
import { Runner } from "../../runner/runner.ts";

/** Stored features, and what `transform` told of making them. */
export interface StoredFeatures {
  /** The sizes of photos that they were made of, e.g. `224-299`. */
  readonly sizes: string;
  /** A hash of all that the rows of photos to learn from were made from. */
  readonly rows: string;
  readonly reader: FeatureReader;
  readonly manifest: Manifest;
}

/**
 * The features that a recipe asks for, from the run's own `transform` where the recipe's photos have the run's sizes.
 * Features of other sizes are made and kept in a folder of their own, so that a run's stages stay as they are and
 * trying a recipe again costs no second pass through the backbones.
 * @param folder where in the run's folder those of other sizes are kept
 */
export async function featuresFor(
  { inputScales }: Pick<Recipe, "inputScales">,
  runner: Runner,
  folder: string,
): Promise<StoredFeatures> {
  const { stages, config, context, store } = runner;
  const named = async (scales: typeof inputScales) => (await inputSizes(config.weights, scales)).join("-");
  const sizes = await named(inputScales);
  if (sizes === await named(config.hyperparameters.inputScales)) return await transformedBy(runner, sizes);
  context.say(`features of photos of ${sizes} pixels`);
  // Frozen backbones are all that is evaluated: a recipe that stores no activations for fine-tuning serves every other.
  const hyperparameters = { ...RECIPES["linear-probe"], inputScales };
  const elsewhere = store.keeping("transform", join(folder, `transform-${sizes}`));
  return await transformedBy(new Runner(stages, { ...config, hyperparameters }, context, elsewhere), sizes);
}

async function transformedBy(runner: Runner, sizes: string): Promise<StoredFeatures> {
  await runner.run({ until: "transform" });
  const stored = await runner.finished("transform");
  const index = FeatureIndex.parse(JSON.parse(await stored.readText(OUTPUT_FILE)));
  return { sizes, rows: index.trainKeys, reader: new FeatureReader(stored, index), manifest: stored.manifest };
}
