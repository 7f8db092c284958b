import { assert, assertEquals, assertRejects } from "@std/assert";
import fc from "fast-check";
import { MemoryBudget } from "../../../../../data/picture/limits/memory_budget.ts";

const TOTAL = 100;

Deno.test("MemoryBudget does all work, begun in its order, and never more at once than fits, whatever fails", async () => {
  const pieces = fc.array(fc.record({ bytes: fc.nat(2 * TOTAL), fails: fc.boolean() }), { maxLength: 30 });
  await fc.assert(fc.asyncProperty(fc.scheduler(), pieces, async (scheduler, work) => {
    const budget = new MemoryBudget(TOTAL);
    const begun: number[] = [];
    let held = 0;
    const all = work.map(({ bytes, fails }, index) =>
      budget.hold(bytes, async () => {
        begun.push(index);
        held += Math.min(bytes, TOTAL);
        assert(held <= TOTAL, `${held} bytes are held`);
        await scheduler.schedule(Promise.resolve());
        held -= Math.min(bytes, TOTAL);
        if (fails) throw new Error("fails");
        return index;
      })
    );
    const settled = Promise.allSettled(all);
    await scheduler.waitFor(settled);
    const ended = await settled;
    assertEquals(ended.map(({ status }) => status === "rejected"), work.map(({ fails }) => fails));
    assertEquals(begun, [...work.keys()]);
    assertEquals(held, 0);
    // Everything is free again.
    assertEquals(await budget.hold(TOTAL, () => Promise.resolve("whole")), "whole");
  }));
});

Deno.test("MemoryBudget refuses what is no number of bytes, instead of waiting for ever", async () => {
  const budget = new MemoryBudget(TOTAL);
  for (const bytes of [-1, Number.NaN]) {
    await assertRejects(() => budget.hold(bytes, () => Promise.resolve()), RangeError, "Cannot hold memory");
  }
  assertEquals(await budget.hold(Infinity, () => Promise.resolve(1)), 1);
});
