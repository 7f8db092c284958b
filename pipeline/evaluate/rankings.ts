import { neighbourDistances } from "../../model/neighbour_distances.ts";
import { namedBlocks } from "../feature_blocks.ts";
import { FUSED_BLOCKS } from "../feature_extractor.ts";
import type { FeatureReader } from "../feature_store.ts";
import type { Recipe } from "../recipes.ts";
import type { StageTools } from "../stage.ts";
import { judgeOutOfFold } from "../suspicion.ts";
import type { FoldedPhotos } from "./cross_validate.ts";

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

/** The ids by a score, the highest first; equal ones by id, so that a ranking does not depend on the folder's order. */
export function rankedBy(ids: readonly string[], scores: ArrayLike<number>): string[] {
  return ids.map((id, k) => ({ id, score: scores[k] }))
    .sort((a, b) => b.score - a.score || (a.id < b.id ? -1 : 1))
    .map(({ id }) => id);
}
