import { pMapIterable } from "p-map";
import { MemoryBudget } from "../limits/memory_budget.ts";
import { MAXIMUM_PHOTO_BYTES } from "../photo_file.ts";

/** Photos decoded at a time: enough to keep every core busy, few enough that large photos fit in memory. */
const DECODES_AT_ONCE = Math.max(8, navigator.hardwareConcurrency);

/** Of the files that are held in memory at a time, all together. */
const files = new MemoryBudget(MAXIMUM_PHOTO_BYTES);

/**
 * Applies a function to photos, a few at a time, and gives the results in the photos' order. The function reads a
 * photo's file; files of many bytes wait for each other. (What they unfold to is shared out by `withPixels`. Whoever
 * waits there holds a file, and whoever waits here holds no pixels: neither waits for ever.)
 * @param ahead how many results wait at most to be taken, where they need memory; the work goes on in the background
 * until there are so many
 * @throws what the call threw that is the first in the photos' order.
 */
export function inDecodePool<T extends { readonly bytes?: number }, R>(
  photos: Iterable<T>,
  apply: (photo: T) => Promise<R>,
  ahead = Infinity,
): AsyncIterable<R> {
  return pMapIterable(photos, (photo) => files.hold(photo.bytes ?? 0, () => apply(photo)), {
    concurrency: DECODES_AT_ONCE,
    backpressure: DECODES_AT_ONCE + ahead,
  });
}
