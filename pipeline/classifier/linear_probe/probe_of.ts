import type { LinearProbe } from "../../../model/linear/linear_probe.ts";
import type { FeatureGroup } from "../../../model/linear/feature_group.ts";
import { namedGroups } from "../../features/store/feature_groups.ts";
import type { LinearProbeRecipe } from "../../settings/recipe.ts";

/**
 * What a recipe's linear probe reads, and how.
 * @param groups what a photo has
 * @throws RangeError when one that the recipe names is not among them.
 */
export function probeOf(recipe: LinearProbeRecipe, groups: readonly FeatureGroup[]): LinearProbe {
  return { groups: namedGroups(groups, recipe.groups), hellinger: recipe.hellinger };
}
