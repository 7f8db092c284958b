import { withPixels } from "../decode.ts";
import { whiteBorder } from "../facts/borders.ts";
import type { DecodingMemory } from "../limits/decoding_memory.ts";
import { type Box, type Pixels, wholeBox } from "../pixels.ts";
import { squarePixels } from "./resize.ts";

/** What of a photo is used: a box, or what is left when its white border is cut; all of it where nothing is said. */
export type PhotoBox = Box | "trimmed" | undefined;

/** Where a photo's square of one size goes: `[size, size, 3]` bytes. */
export interface SquarePlace {
  readonly size: number;
  readonly bytes: Uint8Array;
}

/** Bytes of a square of some pixels a side. */
export function squareBytes(size: number): number {
  return 3 * size ** 2;
}

/** Places for a photo's squares, in memory that workers write into. */
export function sharedPlaces(sizes: readonly number[]): SquarePlace[] {
  return sizes.map((size) => ({ size, bytes: new Uint8Array(new SharedArrayBuffer(squareBytes(size))) }));
}

/**
 * Decodes a photo once and writes it as a square of each size.
 * @throws PhotoError when it cannot be decoded, RangeError when its box does not lie inside it.
 */
export async function writeSquares(
  photo: Uint8Array,
  box: PhotoBox,
  places: readonly SquarePlace[],
  memory?: DecodingMemory,
): Promise<void> {
  await withPixels(photo, async (pixels) => {
    const left = boxIn(pixels, box);
    // One after the other: none may be at the pixels still when another has failed.
    for (const { size, bytes } of places) await squarePixels(pixels, left, size, bytes);
  }, memory);
}

function boxIn(pixels: Pixels, box: PhotoBox): Box {
  return box === "trimmed" ? whiteBorder(pixels) : box ?? wholeBox(pixels);
}
