import { assert, assertEquals, assertLessOrEqual, assertNotEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import {
  countBits,
  hammingDistance,
  HASH_BITS,
  perceptualHash,
} from "../../../../../data/picture/facts/perceptual_hash.ts";
import { MAXIMUM_DISTANCE } from "../../../../../data/duplicates.ts";
import type { Pixels } from "../../../../../data/picture/pixels.ts";
import { flatPixels } from "../generated_pixels.ts";

/** A smooth scene of a few random waves; the same scene at any size. */
function scene(seed: number, width: number, height: number, change = (level: number) => level): Pixels {
  const waves = Array.from({ length: 12 }, (_, k) => ({
    across: (seed * (k + 3) * 7919) % 11,
    down: (seed * (k + 5) * 104729) % 13,
    phase: (seed * (k + 1)) % 6.28,
  }));
  const data = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const angle = (wave: typeof waves[number]) => wave.across * x / width + wave.down * y / height;
      const level = waves.reduce((sum, wave) => sum + Math.sin(3 * angle(wave) + wave.phase), 0) * 15 + 128;
      data.fill(Math.max(0, Math.min(255, change(level))), (y * width + x) * 3, (y * width + x + 1) * 3);
    }
  }
  return { width, height, data };
}

Deno.test("perceptualHash() hardly changes with size, light and noise", () => {
  for (const seed of [3, 17, 101]) {
    const hash = perceptualHash(scene(seed, 200, 150));
    assertEquals(hash.length, HASH_BITS / 4);
    let noise = 1;
    const noisy = (level: number) => level + (noise = noise * 16807 % 2147483647) % 9 - 4;
    const copies = [
      scene(seed, 120, 90),
      scene(seed, 200, 150, (level) => level * 1.1 + 3),
      scene(seed, 200, 150, noisy),
    ];
    for (const copy of copies) assertLessOrEqual(hammingDistance(hash, perceptualHash(copy)), MAXIMUM_DISTANCE);
  }
});

Deno.test("perceptualHash() tells scenes apart", () => {
  const hashes = [2, 3, 17, 101, 999].map((seed) => perceptualHash(scene(seed, 200, 150)));
  for (const [index, hash] of hashes.entries()) {
    for (const other of hashes.slice(0, index)) assert(hammingDistance(hash, other) > MAXIMUM_DISTANCE);
  }
});

Deno.test("perceptualHash() hashes what is in the box", () => {
  const inner = scene(5, 60, 40);
  const outer = flatPixels(80, 50, [255, 255, 255]);
  for (let y = 0; y < 40; y++) outer.data.set(inner.data.subarray(y * 180, y * 180 + 180), ((y + 7) * 80 + 11) * 3);
  assertEquals(perceptualHash(outer, { left: 11, top: 7, width: 60, height: 40 }), perceptualHash(inner));
  assertNotEquals(perceptualHash(outer), perceptualHash(inner));
  assertThrows(() => perceptualHash(outer, { left: 30, top: 7, width: 60, height: 40 }), RangeError, "inside 80x50");
});

Deno.test("perceptualHash() gives every flat picture one hash, of any size", () => {
  const sizes = [[1, 1], [1, 70], [31, 2], [33, 65]];
  const hashes = sizes.map(([width, height], k) => perceptualHash(flatPixels(width, height, [9 + k, 90, 200])));
  assertEquals(new Set(hashes).size, 1);
});

Deno.test("hammingDistance() is the number of bits set in the exclusive or", () => {
  const hash = fc.bigInt({ min: 0n, max: (1n << BigInt(HASH_BITS)) - 1n });
  const text = (value: bigint) => value.toString(16).padStart(HASH_BITS / 4, "0");
  fc.assert(fc.property(hash, hash, (a, b) => {
    const bits = [...(a ^ b).toString(2)].filter((digit) => digit === "1").length;
    assertEquals(hammingDistance(text(a), text(b)), bits);
    assertEquals(hammingDistance(text(b), text(a)), bits);
  }));
});

Deno.test("hammingDistance() refuses what is no hash", () => {
  const hash = "0".repeat(64);
  for (const other of ["", "0".repeat(63), "g".repeat(64), "0".repeat(65)]) {
    assertThrows(() => hammingDistance(hash, other), RangeError, "expected 64 hexadecimal digits");
  }
});

Deno.test("countBits() counts the bits of a signed or unsigned word", () => {
  assertEquals([0, 1, -1, 0x80000000, 0xf0f0].map(countBits), [0, 1, 32, 1, 8]);
});
