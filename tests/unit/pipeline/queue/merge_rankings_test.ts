import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { mergeRankings } from "../../../../pipeline/queue/merge_rankings.ts";

Deno.test("mergeRankings() takes one item of each ranking in turn, and each item once", () => {
  assertEquals(mergeRankings([["a", "b", "c", "d"], ["c", "a", "e"]]), ["a", "c", "b", "e", "d"]);
});

Deno.test("mergeRankings() goes on with the others when one ends", () => {
  assertEquals(mergeRankings([["a"], [], ["x", "y", "z"]]), ["a", "x", "y", "z"]);
});

const rankings = fc.array(fc.uniqueArray(fc.nat(40), { maxLength: 20 }), { maxLength: 4 });

Deno.test("mergeRankings() keeps every item, once", () => {
  fc.assert(fc.property(rankings, (lists) => {
    const items = new Set(lists.flat());
    const merged = mergeRankings(lists);
    assertEquals(merged.length, items.size);
    assertEquals(new Set(merged), items);
  }));
});

Deno.test("mergeRankings() puts nothing further down than its turn allows", () => {
  fc.assert(fc.property(rankings, (lists) => {
    const places = new Map(mergeRankings(lists).map((item, place) => [item, place]));
    for (const ranking of lists) {
      for (const [place, item] of ranking.entries()) {
        assert((places.get(item) ?? Infinity) < (place + 1) * lists.length);
      }
    }
  }));
});
