import { whiteBorder } from "./borders.ts";
import { withPixels } from "../decode.ts";
import type { DecodingMemory } from "../limits/decoding_memory.ts";
import { perceptualHash } from "./perceptual_hash.ts";
import { type Box, wholeBox } from "../pixels.ts";

/** Raised when the facts of the same photo change: those of earlier code are then computed again. */
export const PHOTO_FACTS_VERSION = 1;

/** What is known of a photo once it has been decoded. It depends on the file's content alone. */
export interface PhotoFacts {
  /** Pixels, after the EXIF orientation. */
  readonly width: number;
  readonly height: number;
  /** What is left when the white border is cut. */
  readonly trimmed: Box;
  /** The perceptual hash of what is inside that box. */
  readonly trimmedHash: string;
  /** The perceptual hash of the whole photo: the same where there is no border. */
  readonly wholeHash: string;
}

/**
 * Decodes a photo from beginning to end and gives all that is told of it.
 * @throws PhotoError as `decodePhoto`.
 */
export async function photoFacts(bytes: Uint8Array, memory?: DecodingMemory): Promise<PhotoFacts> {
  return await withPixels(bytes, (pixels) => {
    const { width, height } = pixels;
    const trimmed = whiteBorder(pixels);
    const trimmedHash = perceptualHash(pixels, trimmed);
    const whole = wholeBox(pixels);
    const wholeHash = sameBox(trimmed, whole) ? trimmedHash : perceptualHash(pixels, whole);
    return { width, height, trimmed, trimmedHash, wholeHash };
  }, memory);
}

/** Whether two boxes within the same picture hold the same pixels. */
export function sameBox(first: Box, second: Box): boolean {
  return first.left === second.left && first.top === second.top && first.width === second.width &&
    first.height === second.height;
}
