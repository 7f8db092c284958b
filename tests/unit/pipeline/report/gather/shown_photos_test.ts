import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { evenly, surestMistakes } from "../../../../../pipeline/report/gather/shown_photos.ts";

Deno.test("surestMistakes() gives what is wrong, the surest first, and no more than asked for", () => {
  const predictions = [
    { label: "cat", pDog: 0.6 },
    { label: "dog", pDog: 0.9 },
    { label: "dog", pDog: 0.01 },
    { label: "cat", pDog: 0.8 },
  ] as const;
  assertEquals(surestMistakes(predictions, 24).map(({ pDog }) => pDog), [0.01, 0.8, 0.6]);
  assertEquals(surestMistakes(predictions, 1).map(({ pDog }) => pDog), [0.01]);
});

Deno.test("evenly() gives as many items as there may be, each once, in their order", () => {
  fc.assert(fc.property(fc.nat(200), fc.integer({ min: 1, max: 50 }), (length, most) => {
    const items = Array.from({ length }, (_, k) => k);
    const some = evenly(items, most);
    assertEquals(some.length, Math.min(length, most));
    some.slice(1).forEach((item, k) => assert(item > some[k]));
  }));
});
