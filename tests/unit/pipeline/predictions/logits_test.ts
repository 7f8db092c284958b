import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import fc from "fast-check";
import { crossEntropies, probabilities, sigmoid, softplus } from "../../../../pipeline/predictions/logits.ts";

const logit = fc.double({ min: -700, max: 700, noNaN: true });

Deno.test("sigmoid() is P(dog), and 1 - P(dog) for the opposite logit", () => {
  assertEquals([sigmoid(0), sigmoid(Infinity), sigmoid(-Infinity)], [0.5, 1, 0]);
  fc.assert(fc.property(logit, (x) => assertAlmostEquals(sigmoid(x) + sigmoid(-x), 1, 1e-12)));
});

Deno.test("softplus() is -ln of the sigmoid of the opposite, and does not overflow", () => {
  fc.assert(fc.property(fc.double({ min: -30, max: 30, noNaN: true }), (x) => {
    assertAlmostEquals(softplus(x), -Math.log(sigmoid(-x)), 1e-9 * Math.max(1, x));
  }));
  assertEquals([softplus(5000), softplus(-5000)], [5000, 0]);
});

Deno.test("crossEntropies() takes -ln of what the label was given", () => {
  const logits = Float64Array.of(2, 2, -800);
  const [dog, cat, sure] = crossEntropies(logits, [{ label: "dog" }, { label: "cat" }, { label: "dog" }]);
  const [pDog] = probabilities(logits);
  assertAlmostEquals(dog, -Math.log(pDog), 1e-12);
  assertAlmostEquals(cat, -Math.log(1 - pDog), 1e-12);
  assert(sure === 800, "a sure mistake is large, not infinite");
});
