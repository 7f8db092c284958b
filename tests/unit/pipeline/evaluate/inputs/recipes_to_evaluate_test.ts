import { assertEquals, assertThrows } from "@std/assert";
import { recipesNamed } from "../../../../../pipeline/evaluate/inputs/recipes_to_evaluate.ts";
import { RECIPES } from "../../../../../pipeline/settings/recipes.ts";
import { UserError } from "../../../../../pipeline/files/user_error.ts";

const refusal = (given: string, epochs?: number) => assertThrows(() => recipesNamed(given, epochs), UserError).message;

Deno.test("recipesNamed() gives one recipe, several in the order given, or all", () => {
  assertEquals(recipesNamed("writeup"), [{ name: "writeup", recipe: RECIPES.writeup }]);
  assertEquals(recipesNamed("writeup, linear-probe,writeup").map(({ name }) => name), ["writeup", "linear-probe"]);
  assertEquals(recipesNamed("all").map(({ name }) => name), Object.keys(RECIPES));
});

Deno.test("recipesNamed() takes a recipe's earlier name, and gives it the one that it has now, once", () => {
  assertEquals(recipesNamed("seed,blocks,writeup").map(({ name }) => name), ["writeup", "linear-probe"]);
});

Deno.test("recipesNamed() lets epochs take the place of those of a recipe that has any, and says so in its name", () => {
  const [probe, network] = recipesNamed("linear-probe,writeup", 7);
  assertEquals(probe, { name: "linear-probe", recipe: RECIPES["linear-probe"] });
  assertEquals(network, {
    name: "writeup-7-epochs",
    recipe: { ...RECIPES.writeup, train: { ...RECIPES.writeup.train, epochs: 7 } },
  });
});

Deno.test("recipesNamed() names the nearest recipe, and refuses epochs that no recipe has", () => {
  const known = Object.keys(RECIPES).join(", ");
  assertEquals(
    refusal("writeup,linear-prob"),
    `Cannot use --recipe writeup,linear-prob: expected all, or some of ${known} with commas between, got linear-prob. ` +
      "Did you mean linear-probe?",
  );
  assertEquals(refusal("writeup,").includes("got an empty name"), true);
  assertEquals(
    refusal("linear-probe", 3).startsWith("Cannot use --epochs 3: expected a recipe that trains in epochs"),
    true,
  );
});
