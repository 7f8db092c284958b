import { assertEquals, assertRejects } from "@std/assert";
import { untilChanged } from "../../../../../pipeline/commands/watching/until_changed.ts";

/** Looks that come one after the other; the last one stays. */
function looks(...texts: string[]): { look: () => Promise<string>; count: () => number } {
  let at = 0;
  return { look: () => Promise.resolve(texts[Math.min(at++, texts.length - 1)]), count: () => at };
}

const noWait = () => Promise.resolve();
const { signal } = new AbortController();

Deno.test("untilChanged() waits for a change that has come to rest", async () => {
  const { look, count } = looks("a", "a", "b", "c", "d", "d", "e");
  await untilChanged("a", look, signal, noWait);
  assertEquals(count(), 6);
});

Deno.test("untilChanged() takes no change that was taken back for one", async () => {
  const { look, count } = looks("a", "b", "a", "a", "b", "b");
  await untilChanged("a", look, signal, noWait);
  assertEquals(count(), 6);
});

Deno.test("untilChanged() sees what changed before it looked first", async () => {
  const { look, count } = looks("b");
  await untilChanged("a", look, signal, noWait);
  assertEquals(count(), 2);
});

Deno.test("untilChanged() ends when it is stopped", async () => {
  const stopping = new AbortController();
  const { look } = looks("a");
  const wait = () => Promise.resolve(stopping.abort(new Error("stopped")));
  await assertRejects(() => untilChanged("a", look, stopping.signal, wait), Error, "stopped");
});
