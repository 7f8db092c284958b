import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import {
  quantisationOf,
  quantisedConvolution,
} from "../../../../../../model/engines/onnx/quantised/affine_quantisation.ts";
import { tensor } from "../../../../../../model/tensor.ts";

const entries = fc.float({ noNaN: true, min: -1e6, max: 1e6 });

Deno.test("quantisationOf() has a byte for every number in the range, half a step away at most, and 0 exactly", () => {
  fc.assert(fc.property(fc.array(entries, { minLength: 1 }), fc.double({ min: 0, max: 1, noNaN: true }), (some, at) => {
    const range = { least: Math.min(...some), greatest: Math.max(...some) };
    const { scale, zeroPoint } = quantisationOf(range);
    assert(Number.isInteger(zeroPoint) && zeroPoint >= 0 && zeroPoint <= 255);
    const value = range.least + at * (range.greatest - range.least);
    const byte = Math.min(255, Math.max(0, Math.round(value / scale) + zeroPoint));
    // The zero point is rounded as well: the last half step at an end of the range may be cut off.
    assert(Math.abs(scale * (byte - zeroPoint) - value) <= scale * 1.001 + 1e-15, `${value} by ${scale}, ${zeroPoint}`);
  }));
});

Deno.test("quantisationOf() of a ReLU's range starts at 0, so that bytes cut off what is negative", () => {
  assertEquals(quantisationOf({ least: 0, greatest: 25.5 }), { scale: Math.fround(0.1), zeroPoint: 0 });
  assertEquals(quantisationOf({ least: 3, greatest: 25.5 }).zeroPoint, 0);
});

Deno.test("quantisationOf() takes a value that is always 0", () => {
  const { scale, zeroPoint } = quantisationOf({ least: 0, greatest: 0 });
  assert(scale > 0);
  assertEquals(zeroPoint, 0);
});

const quantised = (weights: readonly number[], biases: readonly number[], bits: 7 | 8 = 8, inputScale = 0.02) => {
  const kernel = tensor([biases.length, weights.length / biases.length], Float32Array.from(weights));
  return quantisedConvolution({ kernel, bias: tensor([biases.length], Float32Array.from(biases)) }, bits, inputScale);
};

Deno.test("quantisedConvolution() has every weight half a step away at most, and the largest of a channel as its largest integer", () => {
  const bits = fc.constantFrom<7 | 8>(7, 8);
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 4 }), bits, fc.array(entries, { minLength: 4 }), (count, bits, some) => {
      const perChannel = Math.floor(some.length / count);
      const weights = some.slice(0, count * perChannel);
      const { kernel, scales } = quantised(weights, new Array(count).fill(0), bits);
      const largest = 2 ** (bits - 1) - 1;
      for (const [k, integer] of kernel.entries()) {
        const scale = scales[Math.floor(k / perChannel)];
        assert(Math.abs(integer * scale - weights[k]) <= scale * 0.5001, `${weights[k]} as ${integer} times ${scale}`);
      }
      for (let channel = 0; channel < count; channel++) {
        const [from, to] = [channel * perChannel, (channel + 1) * perChannel];
        const magnitude = Math.max(...weights.slice(from, to).map(Math.abs));
        if (magnitude > 1e-9) assertEquals(Math.max(...kernel.subarray(from, to).map(Math.abs)), largest);
      }
    }),
  );
});

Deno.test("quantisedConvolution() keeps a bias within 32 bits beside weights that are next to nothing", () => {
  for (const weights of [[1e-12, -1e-12], [0, 0], [1e-38, 1e-45]]) {
    for (const bias of [0.5, -300, 1e6]) {
      const { bias: sums, scales, kernel } = quantised(weights, [bias]);
      const meant = sums[0] * scales[0] * 0.02;
      assert(Math.abs(meant - bias) < 1e-3 * Math.abs(bias), `${bias} became ${meant}`);
      assertEquals([...kernel].map(Math.abs).filter((value) => value > 127), []);
    }
  }
});
