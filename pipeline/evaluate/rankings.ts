import { neighbourDistances } from "../../model/neighbour_distances.ts";
import { namedBlocks } from "../feature_blocks.ts";
import { FUSED_BLOCKS } from "../feature_extractor.ts";
import type { FeatureReader } from "../feature_store.ts";
import type { Recipe } from "../recipes.ts";
import type { StageTools } from "../stage.ts";
import { judgeOutOfFold } from "../suspicion.ts";
import type { FoldedPhotos } from "./cross_validate.ts";
import { rankedBy } from "./rescan_yardstick.ts";

/** Photos in an order in which a person may look at them, the most suspicious first. */
export interface Ranking {
  readonly name: string;
  readonly ids: readonly string[];
}

/**
 * All photos by each signal of the rescan alone, and, where the recipe's rescan judges out of fold, as it ranks them.
 * @param pDog of each photo, by a head that has not seen it
 */
export async function rankings(
  recipe: Recipe,
  { photos }: FoldedPhotos,
  duplicates: readonly (readonly string[])[],
  pDog: readonly number[],
  reader: FeatureReader,
  tools: Pick<StageTools, "engine" | "random">,
): Promise<Ranking[]> {
  const ids = photos.map(({ id }) => id);
  const ofLabel = photos.map(({ label }, k) => label === "dog" ? pDog[k] : 1 - pDog[k]);
  const features = await reader.features("train", ids, FUSED_BLOCKS);
  const blocks = namedBlocks(reader.index.blocks, FUSED_BLOCKS);
  const found = [
    { name: "out-of-fold loss", ids: rankedBy(ids, ofLabel.map((probability) => -probability)) },
    {
      name: "distance to neighbours",
      ids: rankedBy(ids, await neighbourDistances(features, blocks, await tools.engine())),
    },
  ];
  if (recipe.kind === "blocks") {
    const judged = await judgeOutOfFold(recipe, reader, photos, duplicates, tools);
    found.push({ name: "the rescan", ids: rankedBy(ids, judged.map(({ suspicion }) => suspicion)) });
  }
  return found;
}
