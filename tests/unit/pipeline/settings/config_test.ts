import { assertEquals, assertRejects } from "@std/assert";
import { UserError } from "../../../../pipeline/files/user_error.ts";
import { configOf, DEFAULT_SETTINGS } from "../../../../pipeline/settings/config.ts";
import { RECIPES } from "../../../../pipeline/settings/recipes.ts";

Deno.test("configOf() opens the settings of a run that was made when its recipe had an earlier name", async () => {
  for (const [earlier, now] of [["seed", "writeup"], ["blocks", "linear-probe"]] as const) {
    const { recipe, hyperparameters } = await configOf({ ...DEFAULT_SETTINGS, recipe: earlier }, "run");
    assertEquals([recipe, hyperparameters], [now, RECIPES[now]]);
  }
});

Deno.test("configOf() refuses a recipe that there is none of", async () => {
  const { message } = await assertRejects(
    () => configOf({ ...DEFAULT_SETTINGS, recipe: "toString" }, "run"),
    UserError,
  );
  assertEquals(
    message.startsWith("Cannot use recipe toString: expected one of linear-probe, writeup, "),
    true,
    message,
  );
});
