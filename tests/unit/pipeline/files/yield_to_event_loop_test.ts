import { assertEquals, assertRejects } from "@std/assert";
import { yieldToEventLoop } from "../../../../pipeline/files/yield_to_event_loop.ts";

Deno.test("yieldToEventLoop() lets a computation be ended from outside, however short its steps are", async () => {
  const stopped = new AbortController();
  const timer = setTimeout(() => stopped.abort(new Error("stopped")), 0);
  await assertRejects(
    async () => {
      while (true) await yieldToEventLoop(stopped.signal);
    },
    Error,
    "stopped",
  );
  clearTimeout(timer);
});

Deno.test("yieldToEventLoop() goes on at once where others had their turn a moment ago", async () => {
  const { signal } = new AbortController();
  let turns = 0;
  const timer = setInterval(() => turns++, 0);
  let steps = 0;
  while (turns < 2) {
    await yieldToEventLoop(signal);
    steps++;
  }
  clearInterval(timer);
  assertEquals(steps > turns, true, `${steps} steps in ${turns} turns of others`);
});
