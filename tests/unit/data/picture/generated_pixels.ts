import fc from "fast-check";
import type { Box, Pixels } from "../../../../data/picture/pixels.ts";

/** A picture of one colour. */
export function flatPixels(width: number, height: number, [red, green, blue]: readonly number[]): Pixels {
  const data = new Uint8Array(width * height * 3);
  for (let index = 0; index < data.length; index += 3) data.set([red, green, blue], index);
  return { width, height, data };
}

/** The picture with a box of it painted in one colour. */
export function painted(pixels: Pixels, box: Box, colour: readonly number[]): Pixels {
  const data = pixels.data.slice();
  for (let y = box.top; y < box.top + box.height; y++) {
    for (let x = box.left; x < box.left + box.width; x++) data.set(colour, (y * pixels.width + x) * 3);
  }
  return { ...pixels, data };
}

/** What is in a box, as a picture of its own. */
export function cropped(pixels: Pixels, box: Box): Pixels {
  const data = new Uint8Array(box.width * box.height * 3);
  for (let y = 0; y < box.height; y++) {
    const start = ((box.top + y) * pixels.width + box.left) * 3;
    data.set(pixels.data.subarray(start, start + box.width * 3), y * box.width * 3);
  }
  return { width: box.width, height: box.height, data };
}

/** Pictures of awkward sizes from a few levels around the tolerances, mostly white, so that borders come about. */
export const mostlyWhitePixels: fc.Arbitrary<Pixels> = fc
  .record({ width: fc.integer({ min: 1, max: 12 }), height: fc.integer({ min: 1, max: 12 }) })
  .chain(({ width, height }) =>
    fc.array(
      fc.oneof(
        { arbitrary: fc.constant(255), weight: 12 },
        { arbitrary: fc.constantFrom(0, 128, 204, 205, 206, 230, 243, 244, 245), weight: 1 },
      ),
      { minLength: width * height * 3, maxLength: width * height * 3 },
    ).map((values) => ({ width, height, data: Uint8Array.from(values) }))
  );
