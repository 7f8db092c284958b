import { assertEquals, assertThrows } from "@std/assert";
import { recipesNamed } from "../../../../pipeline/evaluate/recipes_to_evaluate.ts";
import { RECIPES } from "../../../../pipeline/settings/recipes.ts";
import { UserError } from "../../../../pipeline/files/user_error.ts";

const refusal = (given: string, epochs?: number) => assertThrows(() => recipesNamed(given, epochs), UserError).message;

Deno.test("recipesNamed() gives one recipe, several in the order given, or all", () => {
  assertEquals(recipesNamed("seed"), [{ name: "seed", recipe: RECIPES.seed }]);
  assertEquals(recipesNamed("seed, blocks,seed").map(({ name }) => name), ["seed", "blocks"]);
  assertEquals(recipesNamed("all").map(({ name }) => name), Object.keys(RECIPES));
});

Deno.test("recipesNamed() lets epochs take the place of a network recipe's own, and says so in its name", () => {
  const [blocks, seed] = recipesNamed("blocks,seed", 7);
  assertEquals(blocks, { name: "blocks", recipe: RECIPES.blocks });
  assertEquals(seed, {
    name: "seed-7-epochs",
    recipe: { ...RECIPES.seed, train: { ...RECIPES.seed.train, epochs: 7 } },
  });
});

Deno.test("recipesNamed() names the nearest recipe, and refuses epochs that no recipe has", () => {
  const known = Object.keys(RECIPES).join(", ");
  assertEquals(
    refusal("seed,blcks"),
    `Cannot use --recipe seed,blcks: expected all, or some of ${known} with commas between, got blcks. ` +
      "Did you mean blocks?",
  );
  assertEquals(refusal("seed,").includes("got an empty name"), true);
  assertEquals(refusal("blocks", 3).startsWith("Cannot use --epochs 3: expected a recipe that trains in epochs"), true);
});
