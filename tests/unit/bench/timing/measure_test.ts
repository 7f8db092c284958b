import { assert, assertEquals, assertThrows } from "@std/assert";
import * as fc from "fast-check";
import { ratesOf, spreadOf, timeInTurns } from "../../../bench/timing/measure.ts";

/** Something that takes so many milliseconds by its own account, and writes its name down each time. */
function fake(name: string, milliseconds: number, log: string[]) {
  return {
    run() {
      log.push(name);
      return Promise.resolve(milliseconds);
    },
  };
}

Deno.test("timeInTurns() runs everything in turns, not one after the other", async () => {
  const log: string[] = [];
  const times = await timeInTurns([fake("a", 1, log), fake("b", 2, log)], 3);
  assertEquals(log.join(""), "ababab");
  assertEquals(times, [[1, 1, 1], [2, 2, 2]]);
});

Deno.test("timeInTurns() runs what takes long twice, and the rest as often as asked", async () => {
  const log: string[] = [];
  const times = await timeInTurns([fake("a", 9, log), fake("b", 1, log)], 5, 10);
  assertEquals(times.map((list) => list instanceof Error ? 0 : list.length), [2, 5]);
});

Deno.test("timeInTurns() gives the reason of what fails, and times the rest", async () => {
  const failing = { run: () => Promise.reject(new Error("no adapter")) };
  const [failed, times] = await timeInTurns([failing, fake("b", 1, [])], 2);
  assertEquals(failed instanceof Error ? failed.message : "", "no adapter");
  assertEquals(times, [1, 1]);
});

Deno.test("spreadOf() gives the middle of an odd number, and the mean of the two in the middle of an even one", () => {
  assertEquals(spreadOf([5, 1, 3]), { median: 3, least: 1, most: 5, runs: 3 });
  assertEquals(spreadOf([4, 1, 2, 3]).median, 2.5);
  assertThrows(() => spreadOf([]), RangeError, "Cannot take a median");
});

Deno.test("ratesOf() turns the shortest time into the highest rate", () => {
  const milliseconds = fc.array(fc.double({ min: 1, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 9 });
  fc.assert(fc.property(milliseconds, (times) => {
    const { median, least, most } = ratesOf(8, times);
    assert(least <= median && median <= most);
    assertEquals(most, 8 / (Math.min(...times) / 1000));
  }));
});
