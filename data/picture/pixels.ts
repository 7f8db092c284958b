/** A picture in memory: 8-bit RGB, row-major, three bytes a pixel and no padding between rows. */
export interface Pixels {
  readonly width: number;
  readonly height: number;
  /** `[height, width, 3]`. */
  readonly data: Uint8Array;
}

/** A rectangle of whole pixels; `left` and `top` are counted from the picture's upper left corner. */
export interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** The box that is the whole picture. */
export function wholeBox(pixels: Pick<Pixels, "width" | "height">): Box {
  return { left: 0, top: 0, width: pixels.width, height: pixels.height };
}

/**
 * Checks that a box holds at least one pixel and lies inside a picture of that size.
 * @throws RangeError when it does not.
 */
export function assertBoxInside(box: Box, size: Pick<Pixels, "width" | "height">): void {
  const { left, top, width, height } = box;
  const whole = [left, top, width, height].every(Number.isInteger);
  const inside = left >= 0 && top >= 0 && left + width <= size.width && top + height <= size.height;
  if (!whole || width < 1 || height < 1 || !inside) {
    throw new RangeError(
      `Cannot cut a box: expected whole pixels inside ${size.width}x${size.height}, ` +
        `got ${width}x${height} at (${left}, ${top})`,
    );
  }
}
