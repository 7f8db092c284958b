import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { duplicateGroups, MAXIMUM_DISTANCE, type PhotoFingerprint } from "../../../data/duplicates.ts";
import { hammingDistance, HASH_BITS } from "../../../data/picture/facts/perceptual_hash.ts";
import { randomFrom, shuffled } from "../../../data/random.ts";

const random = randomFrom(7, "duplicates");

function randomHash(): string {
  return Array.from({ length: HASH_BITS / 4 }, () => Math.floor(random() * 16).toString(16)).join("");
}

/** The hash with that many of its bits turned over. */
function turned(hash: string, bits: number): string {
  const digits = [...hash].map((digit) => Number.parseInt(digit, 16));
  for (const bit of shuffled(Array.from({ length: HASH_BITS }, (_, k) => k), random).slice(0, bits)) {
    digits[bit >> 2] ^= 1 << (bit & 3);
  }
  return digits.map((digit) => digit.toString(16)).join("");
}

function photo(id: string, hash = randomHash(), sha256 = id): PhotoFingerprint {
  return { id, sha256, hash };
}

Deno.test("duplicateGroups() groups equal files and near pictures, up to the stated distance", () => {
  const hash = randomHash();
  const items = [
    photo("b", hash),
    photo("same file", randomHash(), "b"),
    photo("near", turned(hash, MAXIMUM_DISTANCE)),
    photo("alone"),
  ];
  assertEquals(duplicateGroups(items), [["b", "near", "same file"]]);
  assertEquals(duplicateGroups([photo("b", hash), photo("not near", turned(hash, MAXIMUM_DISTANCE + 1))]), []);
});

Deno.test("duplicateGroups() joins through a member in between", () => {
  const middle = randomHash();
  const opposite = [...middle].map((digit) => (Number.parseInt(digit, 16) ^ 15).toString(16)).join("");
  const step = (count: number) => opposite.slice(0, count) + middle.slice(count);
  const items = [photo("a", step(0)), photo("b", step(11)), photo("c", step(22))];
  assertEquals(hammingDistance(items[0].hash, items[2].hash), 88);
  assertEquals(duplicateGroups(items), [["a", "b", "c"]]);
});

Deno.test("duplicateGroups() of nothing, and of one, is nothing", () => {
  assertEquals(duplicateGroups([]), []);
  assertEquals(duplicateGroups([photo("a")]), []);
});

Deno.test("duplicateGroups() finds what comparing all pairs finds, in any order of the items", () => {
  const plan = fc.array(fc.record({ like: fc.nat(), bits: fc.integer({ min: 0, max: 60 }) }), { maxLength: 25 });
  fc.assert(
    fc.property(plan, (steps) => {
      const items: PhotoFingerprint[] = [];
      for (const { like, bits } of steps) {
        const base = like % 3 === 0 ? undefined : items[like % Math.max(1, items.length)];
        items.push(photo(`photo ${items.length}`, base ? turned(base.hash, bits) : randomHash()));
      }
      const groups = duplicateGroups(items);
      assertEquals(groups, duplicateGroups(shuffled(items, random)));
      assertEquals(groups, groupsByAllPairs(items));
    }),
    { numRuns: 40 },
  );
});

Deno.test("duplicateGroups() finds one copy among tens of thousands of photos", () => {
  const items = Array.from({ length: 25_000 }, (_, k) => photo(String(k).padStart(5, "0")));
  items.push(photo("copy", turned(items[12_345].hash, 40)));
  assertEquals(duplicateGroups(items), [["12345", "copy"]]);
});

function groupsByAllPairs(items: readonly PhotoFingerprint[]): string[][] {
  let groups = items.map((item) => [item]);
  for (const [index, a] of items.entries()) {
    for (const b of items.slice(0, index)) {
      if (hammingDistance(a.hash, b.hash) > MAXIMUM_DISTANCE) continue;
      const joined = groups.filter((group) => group.includes(a) || group.includes(b));
      groups = [...groups.filter((group) => !joined.includes(group)), joined.flat()];
    }
  }
  return groups.filter((group) => group.length > 1).map((group) => group.map(({ id }) => id).sort())
    .sort((a, b) => a[0] < b[0] ? -1 : 1);
}
