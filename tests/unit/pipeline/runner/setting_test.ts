import { assertEquals } from "@std/assert";
import { classifierFor } from "../../../../pipeline/classifier/classifier_for.ts";
import { classifierOf } from "../../../../pipeline/classifier/classifier_of.ts";
import { settingJson } from "../../../../pipeline/runner/setting.ts";
import { RECIPES } from "../../../../pipeline/settings/recipes.ts";

Deno.test("settingJson() takes of an object what it says of itself, however deep", () => {
  const given = { seed: 3, list: [{ at: { secret: 1, toJSON: () => ({ told: [1, null] }) } }] };
  assertEquals(settingJson(given), { seed: 3, list: [{ at: { told: [1, null] } }] });
});

Deno.test("a classifier stands among a stage's params by what that stage's result depends on", () => {
  for (const recipe of Object.values(RECIPES)) {
    for (const stage of ["train", "rescan", "finetune", "predict"] as const) {
      const setting = classifierFor(stage, recipe);
      assertEquals(settingJson({ recipe: setting }), { recipe: classifierOf(recipe).hyperparametersFor(stage) });
    }
  }
});
