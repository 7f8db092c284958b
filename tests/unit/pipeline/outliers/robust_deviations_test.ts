import { assertAlmostEquals, assertEquals } from "@std/assert";
import { robustDeviations } from "../../../../pipeline/outliers/robust_deviations.ts";

Deno.test("robustDeviations() measures from the median, by what does not move with outliers", () => {
  const deviations = robustDeviations(Float64Array.of(1, 2, 3, 4, 1000));
  assertEquals(deviations[2], 0);
  assertAlmostEquals(deviations[3], 1 / 1.4826, 1e-12);
  assertAlmostEquals(deviations[4], 997 / 1.4826, 1e-9);
});

Deno.test("robustDeviations() is zero where half of the values are the same", () => {
  assertEquals(robustDeviations(Float64Array.of(2, 2, 2, 2, 7)), new Float64Array(5));
});
