import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { mergeRankings } from "../../../../pipeline/outliers/merge_rankings.ts";

Deno.test("mergeRankings() takes one item of each ranking in turn, and each item once", () => {
  const merged = mergeRankings([
    { ranking: ["a", "b", "c", "d"], everyRounds: 1 },
    { ranking: ["c", "a", "e"], everyRounds: 1 },
  ]);
  assertEquals(merged, ["a", "c", "b", "e", "d"]);
});

Deno.test("mergeRankings() asks some rankings in every second round only", () => {
  const merged = mergeRankings([
    { ranking: ["a", "b", "c", "d"], everyRounds: 1 },
    { ranking: ["x", "y", "z"], everyRounds: 2 },
  ]);
  assertEquals(merged, ["a", "x", "b", "c", "y", "d", "z"]);
});

const rankings = fc.array(
  fc.record({
    ranking: fc.uniqueArray(fc.nat(40), { maxLength: 20 }),
    everyRounds: fc.integer({ min: 1, max: 3 }),
  }),
  { maxLength: 4 },
);

Deno.test("mergeRankings() keeps every item, once", () => {
  fc.assert(fc.property(rankings, (lists) => {
    const items = new Set(lists.flatMap(({ ranking }) => ranking));
    const merged = mergeRankings(lists);
    assertEquals(merged.length, items.size);
    assertEquals(new Set(merged), items);
  }));
});

Deno.test("mergeRankings() puts nothing further down than its turn allows", () => {
  fc.assert(fc.property(rankings, (lists) => {
    const places = new Map(mergeRankings(lists).map((item, place) => [item, place]));
    for (const { ranking, everyRounds } of lists) {
      for (const [place, item] of ranking.entries()) {
        assert((places.get(item) ?? Infinity) < (place * everyRounds + 1) * lists.length);
      }
    }
  }));
});

Deno.test("mergeRankings() refuses turns that are no whole number of rounds", () => {
  for (const everyRounds of [0, -1, 1.5, NaN]) {
    assertThrows(
      () => mergeRankings([{ ranking: ["a"], everyRounds }]),
      RangeError,
      `Cannot merge rankings: expected turns every 1, 2, ... rounds, got ${everyRounds}`,
    );
  }
});
