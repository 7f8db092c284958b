import { setTimeout as delay } from "node:timers/promises";
import type { CacheFolder } from "../../store/cache_folder.ts";
import type { StageFolder } from "../../store/run_folder.ts";

/** Into so many parts rows are divided by their keys; what one process computes of a part, no other does meanwhile. */
export const PARTS_OF_KEYS = 256;

/** Where the files lie that are locked; they stay empty. */
const CLAIMS = "claims";

const WAIT_MILLISECONDS = 250;

/** The part that a row's key falls into, from 0. */
export function partOfKey(key: string): number {
  return parseInt(key.slice(0, 2), 16);
}

/**
 * Who computes which rows of a set: a process claims a part of the keys by a lock, which the system lets go of when the
 * process ends, however it ends.
 */
export class RowClaims {
  private constructor(readonly set: StageFolder) {}

  static async open(set: StageFolder, cache: Pick<CacheFolder, "announce">): Promise<RowClaims> {
    await cache.announce(set.below, Array.from({ length: PARTS_OF_KEYS }, (_, part) => `${CLAIMS}/${nameOf(part)}`));
    return new RowClaims(set);
  }

  /** Claims a part, or gives `undefined` where another has it; at once. */
  tryTake(part: number): Disposable | undefined {
    const file = Deno.openSync(this.set.path(`${CLAIMS}/${nameOf(part)}`), { read: true, write: true, create: true });
    if (file.tryLockSync(true)) return { [Symbol.dispose]: () => file.close() };
    file.close();
    return undefined;
  }

  /** Waits a moment for others. */
  async wait(signal: AbortSignal): Promise<void> {
    await delay(WAIT_MILLISECONDS, undefined, { signal });
  }
}

function nameOf(part: number): string {
  return part.toString(16).padStart(2, "0");
}
