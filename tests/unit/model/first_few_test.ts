import { assertEquals } from "@std/assert";
import { cutText, firstFew } from "../../../model/first_few.ts";

Deno.test("firstFew() names eight and counts the rest", () => {
  const names = Array.from({ length: 9998 }, (_, index) => `${index}`);
  assertEquals(firstFew(names), "0, 1, 2, 3, 4, 5, 6, 7 and 9,990 more");
  assertEquals(firstFew(names.slice(0, 8)), "0, 1, 2, 3, 4, 5, 6, 7");
  assertEquals(firstFew(["a", "b"], "; "), "a; b");
  assertEquals(firstFew([]), "");
});

Deno.test("cutText() leaves what is short and says how long the rest is", () => {
  assertEquals(cutText("a".repeat(80)), "a".repeat(80));
  assertEquals(cutText("a".repeat(12_000)), `${"a".repeat(80)}… (12,000 letters)`);
});
