import { pooledMap } from "@std/async/pool";

/** Photos decoded at a time: enough to keep every core busy, few enough that large photos fit in memory. */
const DECODES_AT_ONCE = Math.max(8, navigator.hardwareConcurrency);

/**
 * Applies a function to photos, a few at a time, and gives the results in the photos' order.
 * @throws what the first failing call threw.
 */
export async function* inDecodePool<T, R>(photos: Iterable<T>, apply: (photo: T) => Promise<R>): AsyncGenerator<R> {
  try {
    yield* pooledMap(DECODES_AT_ONCE, photos, apply);
  } catch (thrown) {
    // The pool collects the errors of all photos in flight; the first says enough.
    throw thrown instanceof AggregateError ? thrown.errors[0] : thrown;
  }
}
