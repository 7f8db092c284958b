import { assertAlmostEquals, assertEquals } from "@std/assert";
import { initialPlateau, stepPlateau } from "../../../../model/training/plateau.ts";
import { currentName, DEFAULT_RECIPE, EARLIER_NAMES, RECIPES } from "../../../../pipeline/settings/recipes.ts";

Deno.test("currentName() leads every earlier name to a recipe, and keeps every name that a recipe has", () => {
  for (const [earlier, now] of EARLIER_NAMES) {
    assertEquals(currentName(earlier), now);
    assertEquals([Object.hasOwn(RECIPES, earlier), Object.hasOwn(RECIPES, now)], [false, true], earlier);
  }
  for (const name of [...Object.keys(RECIPES), DEFAULT_RECIPE, "none of them"]) assertEquals(currentName(name), name);
});

Deno.test("the write-up's outliers are photos whose label has a probability under 30%", () => {
  assertAlmostEquals(RECIPES.writeup.outliers.loss, -Math.log(0.3), 5e-5);
});

Deno.test("the write-up's fine-tuning comes to the third epoch, which it reports, before its plateau can act", () => {
  const { epochs, patience } = RECIPES.writeup.finetune;
  assertEquals(epochs >= 3, true);
  let plateau = initialPlateau();
  // Each epoch is worse than the one before.
  for (let epoch = 1; epoch <= epochs; epoch++) plateau = stepPlateau(plateau, epoch, patience);
  assertEquals(plateau.factor, 1);
  assertEquals(stepPlateau(plateau, epochs + 1, patience).factor < 1, true);
});

Deno.test("every recipe trains and validates on a part of the photos each", () => {
  for (const [name, { trainShare }] of Object.entries(RECIPES)) {
    assertEquals(trainShare > 0 && trainShare < 1, true, name);
  }
});
