import { assertAlmostEquals, assertEquals } from "@std/assert";
import { OWN_SIZES } from "../../../../model/networks/input_scales.ts";
import { DEFAULT_RECIPE, RECIPES } from "../../../../pipeline/settings/recipes.ts";

Deno.test("the seed recipe has the write-up's numbers", () => {
  const { trainShare, momentum, train, outlierLoss, finetune } = RECIPES.seed;
  assertEquals(trainShare, 0.8);
  assertEquals(momentum, 0.91);
  assertEquals(train, { epochs: 2, rate: 0.001 });
  assertEquals(outlierLoss, 1.2040);
  assertEquals(finetune.headRate, 0.001);
  assertAlmostEquals(finetune.tunedRate, finetune.headRate / 10, 1e-15);
  assertEquals(finetune.patience, 2);
});

Deno.test("the seed recipe's outliers are photos whose label has a probability under 30%", () => {
  assertAlmostEquals(RECIPES.seed.outlierLoss, -Math.log(0.3), 5e-5);
});

Deno.test("recipes that train networks see photos of the weights' own sizes, as the write-up does", () => {
  for (const recipe of Object.values(RECIPES)) {
    if (recipe.kind === "network") assertEquals(recipe.inputScales, OWN_SIZES);
  }
});

Deno.test("RECIPES holds the default recipe, and no recipe without sense", () => {
  assertEquals(Object.hasOwn(RECIPES, DEFAULT_RECIPE), true);
  for (const recipe of Object.values(RECIPES)) {
    assertEquals(recipe.trainShare > 0 && recipe.trainShare < 1 && recipe.outlierLoss > 0, true);
    const counts = recipe.kind === "blocks"
      ? [recipe.folds, recipe.blocks.length]
      : [recipe.batchSize, recipe.train.epochs, recipe.finetune.epochs];
    assertEquals(counts.every((count) => Number.isInteger(count) && count > 0), true);
  }
});
