import { assertEquals, assertThrows } from "@std/assert";
import { labelledIds } from "../../../../pipeline/photos/labelled_ids.ts";

const scanned = (id: string, label: "cat" | "dog" | null) => ({ id, label, bytes: 1, sha256: "", width: 1, height: 1 });
const SCAN = { train: [scanned("a", "cat"), scanned("b", "dog"), scanned("c", null)] };

Deno.test("labelledIds() gives labels in the order of the ids", () => {
  assertEquals(labelledIds(["b", "a"], SCAN), [{ id: "b", label: "dog" }, { id: "a", label: "cat" }]);
});

Deno.test("labelledIds() throws with the id of a photo that has no label, or is none", () => {
  for (const id of ["c", "d"]) {
    assertThrows(
      () => labelledIds(["a", id], SCAN),
      RangeError,
      `a photo's label: expected a name that is known, got "${id}"`,
    );
  }
});
