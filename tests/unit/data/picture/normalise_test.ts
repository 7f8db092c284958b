import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { normalise } from "./normalise.ts";

const IMAGENET = { mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] } as const;

Deno.test("normalise() writes one plane a channel, as torchvision does", () => {
  const out = new Float32Array(12);
  normalise(Uint8Array.of(0, 0, 0, 255, 255, 255, 10, 20, 30, 40, 50, 60), { inputSize: 2, ...IMAGENET }, out);
  // Computed by PyTorch from the same pixels.
  const expected = [
    [-2.117904, 2.248908, -1.946656, -1.432914],
    [-2.035714, 2.428571, -1.685574, -1.160364],
    [-1.804444, 2.64, -1.281569, -0.758693],
  ].flat();
  expected.forEach((value, index) => assertAlmostEquals(out[index], value, 2e-6));
});

Deno.test("normalise() can be undone to the very bytes", () => {
  const picture = fc.integer({ min: 1, max: 9 }).chain((size) =>
    fc.record({
      size: fc.constant(size),
      rgb: fc.uint8Array({ minLength: 3 * size * size, maxLength: 3 * size * size }),
    })
  );
  fc.assert(fc.property(picture, ({ size, rgb }) => {
    const out = new Float32Array(rgb.length);
    normalise(rgb, { inputSize: size, ...IMAGENET }, out);
    const back = rgb.map((_, index) => {
      const channel = index % 3;
      const value = out[channel * size * size + Math.floor(index / 3)];
      return Math.round((value * IMAGENET.std[channel] + IMAGENET.mean[channel]) * 255);
    });
    assertEquals(back, rgb);
  }));
});

Deno.test("normalise() refuses pixels or output of another size", () => {
  const transform = { inputSize: 2, ...IMAGENET };
  assertThrows(
    () => normalise(new Uint8Array(11), transform, new Float32Array(12)),
    RangeError,
    "expected pixels of 12",
  );
  assertThrows(
    () => normalise(new Uint8Array(12), transform, new Float32Array(13)),
    RangeError,
    "expected output of 12",
  );
});
