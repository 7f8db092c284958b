import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { evenly } from "../../../../../pipeline/report/gather/shown_photos.ts";

Deno.test("evenly() gives as many items as there may be, each once, in their order", () => {
  fc.assert(fc.property(fc.nat(200), fc.integer({ min: 1, max: 50 }), (length, most) => {
    const items = Array.from({ length }, (_, k) => k);
    const some = evenly(items, most);
    assertEquals(some.length, Math.min(length, most));
    some.slice(1).forEach((item, k) => assert(item > some[k]));
  }));
});
