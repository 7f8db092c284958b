import { pooledMap } from "@std/async/pool";
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
 * @throws what the first failing call threw.
 */
export async function* inDecodePool<T extends { readonly bytes: number }, R>(
  photos: Iterable<T>,
  apply: (photo: T) => Promise<R>,
): AsyncGenerator<R> {
  try {
    yield* pooledMap(DECODES_AT_ONCE, photos, (photo) => files.hold(photo.bytes, () => apply(photo)));
  } catch (thrown) {
    // The pool collects the errors of all photos in flight; the first says enough.
    throw thrown instanceof AggregateError ? thrown.errors[0] : thrown;
  }
}
