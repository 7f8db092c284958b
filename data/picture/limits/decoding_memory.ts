import { WORST_COST } from "./decoding_cost.ts";
import { MAXIMUM_PIXELS } from "./maximum_pixels.ts";
import { MemoryBudget } from "./memory_budget.ts";

/**
 * Bytes that all decoding under way takes at once, by `decodingCost`. It is what a progressive, turned JPEG of as many
 * pixels as are decoded takes; what takes more alone is refused. With the rest of a run it stays under 2 GB.
 */
export const DECODING_BYTES = 12 * MAXIMUM_PIXELS;

/**
 * Pictures of up to this many pixels are decoded without a look at their headers first, which takes a fifth of the time
 * that decoding does. So many take their worst at once that the others need not wait.
 */
export const SMALL_PIXELS = 1_000_000;

/** What each of those holds meanwhile. */
export const SMALL_BYTES = WORST_COST * SMALL_PIXELS;

/** Where the memory for decoding comes from. */
export type DecodingMemory = Pick<MemoryBudget, "hold">;

/** What pictures share that are decoded on this thread, and in the workers that it has. */
export const decodingMemory: DecodingMemory = new MemoryBudget(DECODING_BYTES);
