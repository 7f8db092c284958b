import { assertEquals, assertLess, assertLessOrEqual, assertThrows } from "@std/assert";
import sharp from "sharp";
import { plainSquares } from "../../../../../data/picture/batches/plain_squares.ts";
import { squarePixels } from "../../../../../data/picture/batches/resize.ts";
import { shrink } from "../../../../../data/picture/batches/shrink.ts";
import { randomFrom } from "../../../../../data/random.ts";

/** Noise, in which every weight shows. */
function noise(width: number, height: number) {
  const random = randomFrom(0, `${width}x${height}`);
  return { width, height, data: Uint8Array.from({ length: width * height * 3 }, () => 256 * random()) };
}

Deno.test("shrink() gives what libvips gives, within rounding twice", async () => {
  const sizes = [[300, 200, 96, 96], [200, 300, 199, 51], [640, 480, 75, 171], [97, 31, 1, 31], [500, 7, 12, 2]];
  for (const [width, height, toWidth, toHeight] of sizes) {
    const pixels = noise(width, height);
    const expected = await sharp(pixels.data, { raw: { width, height, channels: 3 } })
      .resize(toWidth, toHeight, { fit: "fill", kernel: "linear" }).raw().toBuffer();
    const apart = shrink(pixels, toWidth, toHeight).data.map((value, k) => Math.abs(value - expected[k]));
    assertLessOrEqual(Math.max(...apart), 2, `${width}x${height}`);
    assertLess(apart.reduce((sum, difference) => sum + difference, 0) / apart.length, 0.6, `${width}x${height}`);
  }
});

Deno.test("shrink() leaves a picture of the wanted size as it is, and makes none larger", () => {
  const pixels = noise(8, 5);
  assertEquals(shrink(pixels, 8, 5), pixels);
  assertThrows(() => shrink(pixels, 9, 5), RangeError, "expected 8x5 or less, got 9x5");
});

Deno.test("plainSquares() cuts and squashes a photo as the pipeline does", async () => {
  const pixels = noise(150, 60);
  const box = { left: 11, top: 3, width: 120, height: 50 };
  for (const { shape, data } of plainSquares(pixels, box, [64, 96])) {
    const expected = await squarePixels(pixels, box, shape[1]);
    assertEquals(shape, [1, shape[1], shape[1], 3]);
    assertLessOrEqual(Math.max(...data.map((value, k) => Math.abs(value - expected[k]))), 3);
  }
});
