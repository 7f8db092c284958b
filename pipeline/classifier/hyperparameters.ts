import type { Json } from "../files/hashing.ts";
import type { Recipe } from "../settings/recipe.ts";

/**
 * Of a recipe, what its outliers depend on.
 * @param toFit what a classifier depends on that is fitted anew for it; one that is fitted already is known by its state
 */
export function rescanHyperparameters({ kind, outliers }: Recipe, toFit: { readonly [name: string]: Json }): Json {
  return { ...(outliers.predicted === "out of fold" ? toFit : { kind }), outliers: { ...outliers } };
}
