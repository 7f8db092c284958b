import { setTimeout as delay } from "node:timers/promises";
import type { CacheFolder } from "../../store/cache_folder.ts";
import type { Part } from "../../runner/stage.ts";

/** Into so many parts rows are divided by their keys; what one process computes of a part, no other does meanwhile. */
export const PARTS_OF_KEYS = 256;

/** Where the files lie that are locked; they stay empty. */
const CLAIMS = "claims";

const WAIT_MILLISECONDS = 250;

/** The part that a row's key falls into, from 0. */
export function partOfKey(key: string): number {
  return parseInt(key.slice(0, 2), 16);
}

/** Whether a row is computed by one of the parts that machines share the work in. */
export function isOfPart(key: string, { number, of }: Part): boolean {
  return Math.floor(partOfKey(key) * of / PARTS_OF_KEYS) === number - 1;
}

/**
 * Who computes which rows of a set: a process claims a part of the keys by a lock, which the system lets go of when the
 * process ends, however it ends.
 */
export class RowClaims {
  private constructor(readonly set: string, readonly cache: Pick<CacheFolder, "tryClaim">) {}

  static async open(set: string, cache: Pick<CacheFolder, "announce" | "tryClaim">): Promise<RowClaims> {
    await cache.announce(set, Array.from({ length: PARTS_OF_KEYS }, (_, part) => `${CLAIMS}/${nameOf(part)}`));
    return new RowClaims(set, cache);
  }

  /** Claims a part, or gives `undefined` where another has it; at once. */
  tryTake(part: number): Disposable | undefined {
    return this.cache.tryClaim(this.set, `${CLAIMS}/${nameOf(part)}`);
  }

  /** Waits a moment for others. */
  async wait(signal: AbortSignal): Promise<void> {
    await delay(WAIT_MILLISECONDS, undefined, { signal });
  }
}

function nameOf(part: number): string {
  return part.toString(16).padStart(2, "0");
}
