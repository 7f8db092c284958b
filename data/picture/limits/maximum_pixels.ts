/** Larger pictures are refused: decoded, this many pixels take 300 MB. */
export const MAXIMUM_PIXELS = 100_000_000;
