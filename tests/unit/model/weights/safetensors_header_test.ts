import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { Safetensors } from "../../../../model/weights/safetensors.ts";
import { SafetensorsError } from "../../../../model/weights/safetensors_header.ts";

/** A file with that text as its header. */
function fileWith(header: string, dataBytes: number, headerLength = header.length): Uint8Array {
  const bytes = new Uint8Array(8 + header.length + dataBytes);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(headerLength), true);
  bytes.set(new TextEncoder().encode(header), 8);
  return bytes;
}

function entry(dtype: string, shape: unknown, start: number, end: number): unknown {
  return { dtype, shape, data_offsets: [start, end] };
}

Deno.test("parseHeader() reads what the format's documentation shows", () => {
  const header = JSON.stringify({ a: entry("F16", [1, 2], 0, 4), __metadata__: { key: "value" } });
  const file = new Safetensors(fileWith(header, 4));
  assertEquals([...file.metadata], [["key", "value"]]);
  assertEquals(file.entries.get("a"), {
    dtype: "F16",
    shape: [1, 2],
    start: 8 + header.length,
    end: 12 + header.length,
  });
});

const MALFORMED: [what: string, header: unknown, dataBytes: number, message: string][] = [
  ["an unknown type", { a: entry("F64", [1], 0, 8) }, 8, "a valid entry for a"],
  ["a negative extent", { a: entry("U8", [-1], 0, 1) }, 1, "a valid entry for a"],
  ["a fractional extent", { a: entry("U8", [1.5], 0, 1) }, 1, "a valid entry for a"],
  ["a missing shape", { a: { dtype: "U8", data_offsets: [0, 1] } }, 1, "a valid entry for a"],
  ["an extra field", { a: { dtype: "U8", shape: [1], data_offsets: [0, 1], stride: 1 } }, 1, "a valid entry for a"],
  [
    "a shape that disagrees with the bytes",
    { a: entry("F32", [2], 0, 4) },
    4,
    "expected 8 bytes for a (F32 [2]), got 4",
  ],
  ["offsets the wrong way round", { a: entry("U8", [1], 1, 0) }, 1, "expected 1 bytes for a (U8 [1]), got -1"],
  ["an overlap", { a: entry("U8", [2], 0, 2), b: entry("U8", [2], 1, 3) }, 3, "b to begin at byte"],
  ["a hole", { a: entry("U8", [1], 0, 1), b: entry("U8", [1], 2, 3) }, 3, "b to begin at byte"],
  ["data beyond the end", { a: entry("U8", [9], 0, 9) }, 8, "bytes, as its header says"],
  ["bytes left over", { a: entry("U8", [1], 0, 1) }, 2, "bytes, as its header says"],
  ["metadata that is no text", { __metadata__: { epsilon: 1e-5 } }, 0, "a valid entry for __metadata__"],
  ["more axes than any array has", { a: entry("U8", Array(9).fill(1), 0, 1) }, 1, "a valid entry for a"],
  ["a shape whose product overflows", { a: entry("F32", [2 ** 52, 2 ** 52], 0, 4) }, 4, "fewer than 2^53 bytes for a"],
  ["a shape that overflows before a zero", { a: entry("U8", [2 ** 52, 4, 0], 0, 0) }, 0, "fewer than 2^53 bytes for a"],
  ["an extent past 2^53", { a: entry("U8", [2 ** 53, 0], 0, 0) }, 0, "a valid entry for a"],
  ["offsets past 2^53", { a: entry("U8", [1], 2 ** 53, 2 ** 53 + 2) }, 1, "a valid entry for a"],
  ["an entry nested too deep", { a: entry("U8", [[1]], 0, 1) }, 1, "more than 3 deep"],
  ["a list", [], 0, "a valid entry for the header"],
];

for (const [what, header, dataBytes, message] of MALFORMED) {
  Deno.test(`parseHeader() refuses ${what}`, () => {
    assertThrows(() => new Safetensors(fileWith(JSON.stringify(header), dataBytes)), SafetensorsError, message);
  });
}

Deno.test("parseHeader() refuses what is no header", () => {
  assertThrows(() => new Safetensors(new Uint8Array(7)), SafetensorsError, "expected at least 8 bytes, got 7");
  assertThrows(
    () => new Safetensors(fileWith("{}", 0, 3)),
    SafetensorsError,
    "a header of at most 2 bytes, got one of 3",
  );
  assertThrows(() => new Safetensors(fileWith("{", 0)), SafetensorsError, "expected a header in JSON");
  assertThrows(() => new Safetensors(fileWith("<!doctype html><title>Log in</title>", 100)), SafetensorsError);
  const invalidText = fileWith("{}", 0);
  invalidText[8] = 0xff;
  assertThrows(() => new Safetensors(invalidText), SafetensorsError, "expected a header in JSON");
});

Deno.test("parseHeader() refuses hostile headers by one look at their bytes", () => {
  const array = '{"dtype":"U8","shape":[0],"data_offsets":[0,0]}';
  const many = Array.from({ length: 20_001 }, (_, index) => `"${index}":${array}`).join();
  const headers: [header: string, message: string][] = [
    ["[".repeat(9_000_000), "more than 3 deep"],
    ['{"a":'.repeat(1_500_000), "more than 3 deep"],
    [" ".repeat(10_000_001), "a header of at most 10000000 bytes"],
    [`{${many}}`, "more than 20000 names"],
    [`{"a":${array},"b":${array},"a":${array}}`, "the name a twice"],
    [`{"a":${array},"\\u0061" :${array}}`, "the name a twice"],
    [`{"__metadata__":{"width":"1","width":"2"}}`, "the name width twice"],
    [`{"a":{"dtype":"U8","shape":[1],"shape":[0],"data_offsets":[0,0]}}`, "the name shape twice"],
    [`{"${"a".repeat(1_000_000)}":1}`, "(1,000,000 letters)"],
  ];
  for (const [header, message] of headers) {
    const error = assertThrows(() => new Safetensors(fileWith(header, 0)), SafetensorsError, message);
    assert(error.message.length < 500, error.message.slice(0, 1000));
  }
});

Deno.test("parseHeader() takes names and texts that look like more than they are", () => {
  const name = '{[":\\"}]';
  const metadata = { [name]: name, other: `${name}${name}` };
  const header = JSON.stringify({ __metadata__: metadata, [name]: entry("U8", [1, 1], 0, 1) });
  const file = new Safetensors(fileWith(header, 1));
  assertEquals(Object.fromEntries(file.metadata), metadata);
  assertEquals([...file.entries.keys()], [name]);
});

Deno.test("parseHeader() refuses a file cut anywhere, and any bytes at all, with its own error", () => {
  const whole = fileWith(JSON.stringify({ a: entry("F32", [2, 2], 0, 16) }), 16);
  for (let length = 0; length < whole.length; length++) {
    assertThrows(() => new Safetensors(whole.subarray(0, length)), SafetensorsError);
  }
  fc.assert(fc.property(fc.uint8Array({ minLength: 1, maxLength: 64 }), (bytes) => {
    assertThrows(() => new Safetensors(bytes), SafetensorsError);
  }));
});
