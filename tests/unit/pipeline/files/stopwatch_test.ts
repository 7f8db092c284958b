import { assertEquals } from "@std/assert";
import { duration } from "../../../../pipeline/terminal/progress.ts";
import { stopwatch } from "../../../../pipeline/files/stopwatch.ts";

Deno.test("stopwatch() gives the seconds since its start", () => {
  const clock = { milliseconds: 500 };
  const seconds = stopwatch(() => clock.milliseconds);
  assertEquals(seconds(), 0);
  clock.milliseconds += 2500;
  assertEquals(seconds(), 2.5);
});

Deno.test("stopwatch() and duration() know no negative seconds when the clock is set back", () => {
  const now = Date.now;
  try {
    const seconds = stopwatch();
    Date.now = () => now() - 31_536_000_000;
    assertEquals(seconds() >= 0, true);
  } finally {
    Date.now = now;
  }
  assertEquals(duration(-31535996.5), "0.0s");
});
