import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { isOfPart, partOfKey, PARTS_OF_KEYS } from "../../../../../pipeline/features/cache/row_claims.ts";
import { sha256 } from "../../../../../pipeline/files/hashing.ts";

const partsOf = (of: number) => Array.from({ length: of }, (_, k) => ({ number: k + 1, of }));

Deno.test("isOfPart() puts each key into one part of any number of parts, and all keys of a claim into the same", () => {
  const key = fc.string().map((text) => sha256(text).slice(0, 32));
  fc.assert(fc.property(key, fc.integer({ min: 1, max: PARTS_OF_KEYS }), (key, of) => {
    const claim = partOfKey(key).toString(16).padStart(2, "0").padEnd(32, "0");
    for (const part of partsOf(of)) assertEquals(isOfPart(key, part), isOfPart(claim, part));
    assertEquals(partsOf(of).filter((part) => isOfPart(key, part)).length, 1);
  }));
});

Deno.test("isOfPart() makes parts of which none is over twice as large as another", () => {
  for (let of = 1; of <= PARTS_OF_KEYS; of++) {
    const sizes = new Array(of).fill(0);
    for (let claim = 0; claim < PARTS_OF_KEYS; claim++) {
      const key = claim.toString(16).padStart(2, "0");
      for (const part of partsOf(of)) if (isOfPart(key, part)) sizes[part.number - 1]++;
    }
    assert(Math.min(...sizes) >= 1 && Math.max(...sizes) <= 2 * Math.min(...sizes), `${of}: ${sizes}`);
  }
});
