import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { byId, compareCodeUnits, compareIds } from "../../../data/id_order.ts";

Deno.test("compareIds() counts, and breaks ties", () => {
  const ids = ["cat.10.jpg", "cat.9.jpg", "dog.1.jpg", "cat.010.jpg", "Cat.9.jpg"];
  const sorted = ids.toSorted(compareIds);
  assert(sorted.indexOf("cat.9.jpg") < sorted.indexOf("cat.10.jpg"));
  assertEquals(sorted.at(-1), "dog.1.jpg");
});

for (const compare of [compareIds, compareCodeUnits]) {
  Deno.test(`${compare.name}() is a total order: sorting gives the same for any order of ids`, () => {
    const id = fc.oneof(
      fc.string(),
      fc.string({ unit: fc.constantFrom("a", "A", "0", "1", "9", ".", "/", "\u00ad") }),
    );
    fc.assert(fc.property(fc.uniqueArray(id), fc.nat(), (ids, turn) => {
      const turned = ids.map((_, index) => ids[(index + turn) % ids.length]);
      assertEquals(turned.toSorted(compare), ids.toSorted(compare));
    }));
  });
}

Deno.test("byId() sorts as JavaScript sorts texts", () => {
  fc.assert(fc.property(fc.array(fc.string()), (ids) => {
    assertEquals(ids.map((id) => ({ id })).sort(byId).map(({ id }) => id), ids.toSorted());
  }));
});
