import { assertEquals, assertMatch } from "@std/assert";
import fc from "fast-check";
import { ENGINE_NAMES } from "../../../../model/engines/engine.ts";
import { STAGE_NAMES } from "../../../../pipeline/runner/stage.ts";
import { RECIPES } from "../../../../pipeline/settings/recipes.ts";
import { didYouMean } from "../../../../pipeline/terminal/did_you_mean.ts";

Deno.test("didYouMean() names what was meant, and the GPU's engine to somebody who writes gpu", () => {
  assertEquals(didYouMean("gpu", ["auto", ...ENGINE_NAMES]), " Did you mean webgpu?");
  assertEquals(didYouMean("Webgp", ["auto", ...ENGINE_NAMES]), " Did you mean webgpu?");
  assertEquals(didYouMean("pred", STAGE_NAMES), " Did you mean predict?");
});

Deno.test("didYouMean() names nothing where nothing is near", () => {
  assertEquals(didYouMean("foo", STAGE_NAMES), "");
  assertEquals(didYouMean("foo", ["all", ...Object.keys(RECIPES)]), "");
  assertEquals(didYouMean("", STAGE_NAMES), "");
  assertEquals(didYouMean("cats", []), "");
});

Deno.test("didYouMean() has an answer to a name with one letter left out", () => {
  fc.assert(
    fc.property(fc.constantFrom(...STAGE_NAMES), fc.nat(), (name, k) => {
      const at = k % name.length;
      assertMatch(didYouMean(name.slice(0, at) + name.slice(at + 1), STAGE_NAMES), /^ Did you mean \w+\?$/);
    }),
  );
});
