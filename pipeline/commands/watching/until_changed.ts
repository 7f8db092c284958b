import { setTimeout as delay } from "node:timers/promises";
import { stopwatch } from "../../files/stopwatch.ts";

/** Between two looks there are at least so many seconds, and so many times what a look takes. */
const LEAST_SECONDS = 1;
const TIMES_A_LOOK = 20;

/**
 * Waits until something looks otherwise than it did, and then the same twice: whoever copies a folder of photos is not
 * met half way.
 * @param seen how it looked before
 * @param wait for some milliseconds; it throws when the work is to end
 */
export async function untilChanged(
  seen: string,
  look: () => Promise<string>,
  signal: AbortSignal,
  wait: (milliseconds: number) => Promise<void> = (milliseconds) => delay(milliseconds, undefined, { signal }),
): Promise<void> {
  let last = seen;
  for (;;) {
    const seconds = stopwatch();
    const now = await look();
    signal.throwIfAborted();
    if (now !== seen && now === last) return;
    last = now;
    await wait(1000 * Math.max(LEAST_SECONDS, TIMES_A_LOOK * seconds()));
  }
}
