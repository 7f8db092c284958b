import { assertEquals, assertThrows } from "@std/assert";
import { valueOf } from "../../../../pipeline/files/value_of.ts";

Deno.test("valueOf() gives what stands under an id, empty or zero as it may be", () => {
  assertEquals(valueOf(new Map([["a", 0]]), "a", "the fold of"), 0);
  assertEquals(valueOf(new Map([[7, ""]]), 7, "the name of"), "");
});

Deno.test("valueOf() throws with the id that is not there", () => {
  assertThrows(
    () => valueOf(new Map([["cat.1.jpg", 0]]), "cat.2.jpg", "the fold of"),
    RangeError,
    "Cannot look up the fold of cat.2.jpg: expected one of 1 known ids, got another",
  );
});
