import { assertEquals, assertThrows } from "@std/assert";
import { entryOf } from "../../../../data/base/entry_of.ts";

Deno.test("entryOf() gives what stands under a name, zero and nothing included", () => {
  const map = new Map<string, number | null>([["zero", 0], ["nothing", null]]);
  assertEquals(["zero", "nothing"].map((name) => entryOf(map, name, "a number")), [0, null]);
});

Deno.test("entryOf() names what is not there", () => {
  assertThrows(
    () => entryOf(new Map([["layer3", 1]]), "layer5", "a value of resnet50"),
    RangeError,
    'Cannot find a value of resnet50: expected a name that is known, got "layer5"',
  );
});
