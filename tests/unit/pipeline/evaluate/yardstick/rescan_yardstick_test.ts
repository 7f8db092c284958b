import { assertEquals } from "@std/assert";
import { rankedBy } from "../../../../../pipeline/outliers/outlier_signals.ts";
import { foundAmong } from "../../../../../pipeline/evaluate/yardstick/rescan_yardstick.ts";

Deno.test("foundAmong() counts outliers and tiers in the first places", () => {
  const tiers = new Map([["a", "no_animal"], ["b", "hard_but_valid"], ["d", "no_animal"], ["e", "wrong_label"]]);
  assertEquals(foundAmong(["a", "b", "c", "d", "e"], tiers, 4), {
    first: 4,
    outliers: 2,
    recall: 2 / 3,
    precision: 2 / 4,
    tiers: { no_animal: 2, hard_but_valid: 1, ordinary: 1 },
  });
});

Deno.test("foundAmong() looks at no more photos than there are", () => {
  assertEquals(foundAmong(["a", "b"], new Map([["b", "no_animal"]]), 30), {
    first: 30,
    outliers: 1,
    recall: 1,
    precision: 1 / 2,
    tiers: { no_animal: 1, ordinary: 1 },
  });
});

Deno.test("rankedBy() puts the highest score first, and equal ones in the order of their ids", () => {
  assertEquals(rankedBy(["d", "b", "c", "a"], [1, 0, 2, 1]), ["c", "a", "d", "b"]);
  assertEquals(rankedBy(["a", "d", "c", "b"], Float64Array.of(1, 1, 2, 0)), ["c", "a", "d", "b"]);
});
