import { assertAlmostEquals, assertEquals } from "@std/assert";
import fc from "fast-check";
import { sigmoid, softplus } from "../../../model/logits.ts";

Deno.test("sigmoid() does not overflow", () => {
  assertEquals([sigmoid(-1e4), sigmoid(0), sigmoid(1e4)], [0, 0.5, 1]);
  assertAlmostEquals(sigmoid(Math.log(3)), 0.75, 1e-15);
});

Deno.test("softplus() does not overflow", () => {
  assertEquals([softplus(-1e4), softplus(0), softplus(1e4)], [0, Math.LN2, 1e4]);
});

Deno.test("softplus() of minus a logit is the cross entropy of its probability", () => {
  fc.assert(fc.property(fc.double({ min: -30, max: 30, noNaN: true }), (logit) => {
    assertAlmostEquals(softplus(-logit), -Math.log(sigmoid(logit)), 1e-12);
  }));
});
