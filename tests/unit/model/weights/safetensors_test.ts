import { assertEquals, assertStrictEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import {
  Safetensors,
  type StoredArray,
  storedTensor,
  writeSafetensors,
} from "../../../../model/weights/safetensors.ts";
import { sizeOf } from "../../../../model/tensor.ts";

/** Random bytes seen as an array of one of the types; every bit pattern is allowed, NaN included. */
function seenAs(dtype: StoredArray["dtype"], shape: number[], bytes: Uint8Array<ArrayBuffer>): StoredArray {
  const { buffer } = bytes;
  const length = sizeOf(shape);
  switch (dtype) {
    case "F32":
      return { dtype, shape, data: new Float32Array(buffer, 0, length) };
    case "F16":
      return { dtype, shape, data: new Float16Array(buffer, 0, length) };
    case "BF16":
      return { dtype, shape, data: new Uint16Array(buffer, 0, length) };
    case "I64":
      return { dtype, shape, data: new BigInt64Array(buffer, 0, length) };
    case "I32":
      return { dtype, shape, data: new Int32Array(buffer, 0, length) };
    case "U8":
      return { dtype, shape, data: new Uint8Array(buffer, 0, length) };
  }
}

function bytesOf({ data }: StoredArray): Uint8Array {
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}

const storedArray = fc.record({
  dtype: fc.constantFrom<StoredArray["dtype"][]>("F32", "F16", "BF16", "I64", "I32", "U8"),
  shape: fc.array(fc.nat(4), { maxLength: 3 }),
  bytes: fc.uint8Array({ minLength: 512, maxLength: 512 }),
}).map(({ dtype, shape, bytes }) => seenAs(dtype, shape, new Uint8Array(bytes)));
const names = fc.string({ unit: "grapheme", maxLength: 12 }).filter((name) => !name.startsWith("__"));

Deno.test("writeSafetensors() and Safetensors give back every array bit for bit, at any alignment", () => {
  fc.assert(fc.property(
    fc.array(fc.tuple(names, storedArray), { maxLength: 6 }),
    fc.dictionary(names, fc.string({ unit: "grapheme" }), { maxKeys: 3 }),
    fc.nat(7),
    (entries, metadata, shift) => {
      const arrays = new Map(entries);
      const written = writeSafetensors(arrays, metadata);
      const shifted = new Uint8Array(written.length + shift).subarray(shift);
      shifted.set(written);
      const file = new Safetensors(shifted);
      assertEquals(Object.fromEntries(file.metadata), { ...metadata });
      assertEquals(new Set(file.entries.keys()), new Set(arrays.keys()));
      for (const [name, array] of arrays) {
        const read = file.array(name);
        assertEquals([read.dtype, read.shape], [array.dtype, array.shape]);
        assertEquals(bytesOf(read), bytesOf(array));
      }
    },
  ));
});

Deno.test("Safetensors.array() copies nothing where numbers are aligned", () => {
  const arrays = new Map([
    ["odd", storedTensor({ shape: [3], data: new Float32Array(3) }, "F16")],
    ["wide", storedTensor({ shape: [2], data: new Float32Array(2) })],
  ]);
  const bytes = writeSafetensors(arrays);
  const file = new Safetensors(bytes);
  for (const name of arrays.keys()) assertStrictEquals(file.array(name).data.buffer, bytes.buffer);
});

Deno.test("writeSafetensors() gives the same bytes whatever the order of the arrays", () => {
  const entries = ["b", "a", "c"].map((name, index): [string, StoredArray] => [
    name,
    storedTensor({ shape: [1], data: Float32Array.of(index) }),
  ]);
  assertEquals(writeSafetensors(new Map(entries)), writeSafetensors(new Map(entries.toReversed())));
});

Deno.test("writeSafetensors() refuses data that is not as long as its shape says", () => {
  const array: StoredArray = { dtype: "F32", shape: [2, 3], data: new Float32Array(5) };
  assertThrows(
    () => writeSafetensors(new Map([["w", array]])),
    RangeError,
    "Cannot write w: expected 6 values for [2,3], got 5",
  );
});

Deno.test("Safetensors.tensor() reads all 65,536 float16 patterns as IEEE 754 defines them", () => {
  const bits = Uint16Array.from({ length: 0x1_0000 }, (_, pattern) => pattern);
  const bytes = writeSafetensors(new Map([["all", seenAs("F16", [0x1_0000], new Uint8Array(bits.buffer))]]));
  const { data } = new Safetensors(bytes).tensor("all");
  for (let pattern = 0; pattern < 0x1_0000; pattern++) {
    const sign = pattern & 0x8000 ? -1 : 1;
    const exponent = (pattern >> 10) & 0x1f;
    const fraction = pattern & 0x3ff;
    const special = fraction === 0 ? sign * Infinity : NaN;
    const finite = sign * (exponent === 0 ? fraction * 2 ** -24 : (1024 + fraction) * 2 ** (exponent - 25));
    const expected = exponent === 0x1f ? special : finite;
    if (!Object.is(data[pattern], expected)) assertEquals(data[pattern], expected, `pattern ${pattern}`);
  }
});

Deno.test("storedTensor() rounds to the nearest float16, ties to even", () => {
  const rounded = (value: number) => storedTensor({ shape: [], data: Float32Array.of(value) }, "F16").data[0];
  assertEquals(rounded(1 + 2 ** -11), 1);
  assertEquals(rounded(1 + 3 * 2 ** -11), 1 + 2 ** -9);
  assertEquals(rounded(1 + 2 ** -11 + 2 ** -23), 1 + 2 ** -10);
  assertEquals(rounded(65519.99), 65504);
  assertEquals(rounded(65520), Infinity);
  assertEquals(rounded(2 ** -25), 0);
  assertEquals(rounded(-(2 ** -24)), -(2 ** -24));
});

Deno.test("Safetensors.tensor() reads bfloat16 as the upper half of a float32", () => {
  const values = [0, -0, 1, -2.5, 3.3895313892515355e38, 9.183549615799121e-41, Infinity, NaN];
  const bits = Uint16Array.from(values, (value) => new Uint32Array(Float32Array.of(value).buffer)[0] >>> 16);
  const bytes = writeSafetensors(new Map([["b", { dtype: "BF16", shape: [values.length], data: bits }]]));
  assertEquals([...new Safetensors(bytes).tensor("b").data], values);
});

Deno.test("Safetensors.tensor() refuses whole numbers and unknown names", () => {
  const array: StoredArray = { dtype: "I64", shape: [1], data: BigInt64Array.of(7n) };
  const file = new Safetensors(writeSafetensors(new Map([["steps", array]])));
  assertThrows(() => file.tensor("steps"), RangeError, "expected F32, F16 or BF16, got I64");
  assertThrows(() => file.tensor("step"), RangeError, 'got "step"');
});
