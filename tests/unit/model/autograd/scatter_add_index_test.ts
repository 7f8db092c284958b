import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { scatterAddIndex } from "../../../../model/autograd/scatter_add_index.ts";

Deno.test("scatterAddIndex() finds every position that names a row, and no other", () => {
  const lists = fc.integer({ min: 1, max: 6 }).chain((count) => {
    return fc.tuple(fc.constant(count), fc.array(fc.integer({ min: -1, max: count - 1 }), { minLength: 1 }));
  });
  fc.assert(fc.property(lists, ([count, list]) => {
    const { most, rows } = scatterAddIndex(Int32Array.from(list), count);
    for (let row = 0; row < count; row++) {
      const found = [...rows.subarray(row * most, (row + 1) * most)].filter((position) => position >= 0);
      assertEquals(found, list.flatMap((named, position) => (named === row ? [position] : [])));
    }
  }));
});
