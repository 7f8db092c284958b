import { assertEquals, assertRejects } from "@std/assert";
import { OneAtATime } from "../../../../model/engines/one_at_a_time.ts";

Deno.test("OneAtATime runs calls in order, none before the last has ended", async () => {
  const turns = new OneAtATime();
  const events: string[] = [];
  const call = (name: string) =>
    turns.run(async () => {
      events.push(`${name} starts`);
      await Promise.resolve();
      await Promise.resolve();
      events.push(`${name} ends`);
      return name;
    });
  assertEquals(await Promise.all([call("a"), call("b")]), ["a", "b"]);
  assertEquals(events, ["a starts", "a ends", "b starts", "b ends"]);
});

Deno.test("OneAtATime goes on after a call that fails, and tells its caller", async () => {
  const turns = new OneAtATime();
  const failing = turns.run(() => Promise.reject(new Error("no")));
  const after = turns.run(() => Promise.resolve(1));
  await assertRejects(() => failing, Error, "no");
  assertEquals(await after, 1);
});
