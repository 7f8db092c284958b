import { assertEquals } from "@std/assert";
import { isLargeEnough, MINIMUM_PIXELS } from "../../../../pipeline/stages/filter.ts";

const box = (width: number, height: number) => ({ left: 0, top: 0, width, height });

Deno.test("isLargeEnough() keeps 3,600 pixels and drops 3,599", () => {
  assertEquals(MINIMUM_PIXELS, 3600);
  assertEquals(isLargeEnough(box(59, 61)), false); // 3,599
  assertEquals(isLargeEnough(box(60, 60)), true); // 3,600
  assertEquals(isLargeEnough(box(3601, 1)), true);
});

Deno.test("isLargeEnough() counts pixels, not sides", () => {
  assertEquals(isLargeEnough(box(3600, 1)), true);
  assertEquals(isLargeEnough(box(3599, 1)), false);
});
