import type { Recipe } from "../settings/recipe.ts";
import type { Classifier } from "./classifier.ts";
import { FusionNetwork } from "./fusion_network/fusion_network.ts";
import { LinearProbe } from "./linear_probe/linear_probe.ts";

/** What a recipe trains. Nothing else looks at a recipe's kind. */
export function classifierOf(recipe: Recipe): Classifier {
  switch (recipe.kind) {
    case "linear probe":
      return new LinearProbe(recipe);
    case "fusion network":
      return new FusionNetwork(recipe);
  }
}
