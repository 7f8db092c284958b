import { classifierOf } from "../../classifier/classifier_of.ts";
import type { Recipe } from "../../settings/recipe.ts";
import { currentName, RECIPES } from "../../settings/recipes.ts";
import { didYouMean } from "../../terminal/did_you_mean.ts";
import { UserError } from "../../files/user_error.ts";

/** A recipe under the name that its table row and its file have. */
export interface NamedRecipe {
  readonly name: string;
  readonly recipe: Recipe;
}

/** What stands for every recipe. */
const ALL = "all";

/**
 * The recipes that `--recipe` names: one, several with commas between, or `all`.
 * @param epochs takes the place of a recipe's own number where it has one, and then stands in its name.
 * @throws UserError for a name that no recipe has, or epochs where no recipe named has any.
 */
export function recipesNamed(given: string, epochs?: number): NamedRecipe[] {
  const known = Object.keys(RECIPES);
  const names = given === ALL ? known : [...new Set(given.split(",").map((name) => currentName(name.trim())))];
  const recipes = names.map((name): NamedRecipe => {
    const recipe = Object.hasOwn(RECIPES, name) ? RECIPES[name] : undefined;
    if (!recipe) {
      throw new UserError(
        `Cannot use --recipe ${given}: expected ${ALL}, or some of ${known.join(", ")} with commas between, got ` +
          `${name || "an empty name"}.${didYouMean(name, [...known, ALL])}`,
      );
    }
    const trainedLonger = epochs === undefined ? undefined : classifierOf(recipe).withEpochs(epochs);
    return trainedLonger ? { name: `${name}-${epochs}-epochs`, recipe: trainedLonger } : { name, recipe };
  });
  if (epochs !== undefined && recipes.every(({ recipe }) => !classifierOf(recipe).withEpochs(epochs))) {
    throw new UserError(
      `Cannot use --epochs ${epochs}: expected a recipe that trains in epochs, got ${
        names.join(", ")
      }. Leave it out, ` +
        `or name another recipe with --recipe`,
    );
  }
  return recipes;
}
