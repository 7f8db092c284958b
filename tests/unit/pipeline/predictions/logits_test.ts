import { assert, assertAlmostEquals } from "@std/assert";
import { crossEntropies, probabilities } from "../../../../pipeline/predictions/logits.ts";

Deno.test("crossEntropies() takes -ln of what the label was given", () => {
  const logits = Float64Array.of(2, 2, -800);
  const [dog, cat, sure] = crossEntropies(logits, [{ label: "dog" }, { label: "cat" }, { label: "dog" }]);
  const [pDog] = probabilities(logits);
  assertAlmostEquals(dog, -Math.log(pDog), 1e-12);
  assertAlmostEquals(cat, -Math.log(1 - pDog), 1e-12);
  assert(sure === 800, "a sure mistake is large, not infinite");
});
