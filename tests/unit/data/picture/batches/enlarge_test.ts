import { assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { enlarge } from "../../../../../data/picture/batches/enlarge.ts";
import { flatPixels, mostlyWhitePixels } from "../generated_pixels.ts";

/** Of 3x2 pixels, by Image.resize((5, 3), Image.BILINEAR) of Pillow 13. */
// deno-fmt-ignore
const BY_PILLOW = [
  0, 48, 170, 46, 82, 193, 115, 134, 227, 132, 133, 209, 143, 133, 197,
  42, 47, 125, 86, 79, 146, 152, 128, 177, 166, 124, 156, 175, 122, 142,
  84, 45, 80, 126, 75, 99, 189, 121, 127, 200, 114, 103, 207, 110, 87,
];

const more = fc.nat({ max: 20 });

Deno.test("enlarge() gives Pillow's pixels", () => {
  const data = Uint8Array.from({ length: 3 * 2 * 3 }, (_, k) => (k * k * 37 + k * 11) % 251);
  const large = enlarge({ width: 3, height: 2, data }, 5, 3);
  assertEquals([large.width, large.height, [...large.data]], [5, 3, BY_PILLOW]);
});

Deno.test("enlarge() of a picture of one colour has that colour alone", () => {
  const side = fc.integer({ min: 1, max: 9 });
  fc.assert(fc.property(side, side, more, more, (width, height, wider, higher) => {
    const large = enlarge(flatPixels(width, height, [255, 3, 128]), width + wider, height + higher);
    assertEquals(large, flatPixels(width + wider, height + higher, [255, 3, 128]));
  }));
});

Deno.test("enlarge() of a mirrored picture is the mirrored picture", () => {
  const mirrored = (data: Uint8Array) =>
    Uint8Array.from(data, (_, k) => data[data.length - 3 - 3 * Math.floor(k / 3) + k % 3]);
  fc.assert(fc.property(mostlyWhitePixels, more, more, (pixels, wider, higher) => {
    const [width, height] = [pixels.width + wider, pixels.height + higher];
    const ways = [pixels, { ...pixels, data: mirrored(pixels.data) }].map((way) => enlarge(way, width, height).data);
    // Turned by half a circle; a half is rounded up on both ways, and shares are rounded each for itself.
    const apart = mirrored(ways[1]).map((value, k) => Math.abs(value - ways[0][k]));
    assertEquals(apart.filter((difference) => difference > 1), new Uint8Array());
  }));
});

Deno.test("enlarge() refuses to make a picture smaller", () => {
  assertThrows(() => enlarge(flatPixels(4, 5, [1, 2, 3]), 9, 4), RangeError, "expected 4x5 or more, got 9x4");
});
