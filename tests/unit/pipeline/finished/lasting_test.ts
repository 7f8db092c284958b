import { assertEquals, assertRejects } from "@std/assert";
import { Lasting } from "../../../../pipeline/finished/lasting.ts";

Deno.test("what lasts is made once for a key, and anew for another", async () => {
  const lasting = new Lasting<number>();
  let made = 0;
  const make = () => Promise.resolve(++made);
  assertEquals(await Promise.all([lasting.of("a", make), lasting.of("a", make)]), [1, 1]);
  assertEquals([await lasting.of("b", make), await lasting.of("b", make), await lasting.of("a", make)], [2, 2, 3]);
});

Deno.test("what failed is tried again", async () => {
  const lasting = new Lasting<string>();
  await assertRejects(() => lasting.of("a", () => Promise.reject(new Error("no"))), Error, "no");
  assertEquals(await lasting.of("a", () => Promise.resolve("yes")), "yes");
});
