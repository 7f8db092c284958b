import type { BlockHead } from "../../../model/linear/linear_probe.ts";
import { type FeatureGroup, namedGroups } from "../../features/feature_groups.ts";
import type { LinearProbeRecipe } from "../../settings/recipe.ts";

/**
 * What a recipe's linear probe reads, and how.
 * @param groups what a photo has
 * @throws RangeError when one that the recipe names is not among them.
 */
export function probeOf(recipe: LinearProbeRecipe, groups: readonly FeatureGroup[]): BlockHead {
  return { blocks: namedGroups(groups, recipe.groups), squareRoots: recipe.hellinger };
}
