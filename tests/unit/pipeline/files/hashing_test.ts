import fc from "fast-check";
import { assertEquals, assertNotEquals } from "@std/assert";
import { canonicalJson, type Json, sha256 } from "../../../../pipeline/files/hashing.ts";

/** Any JSON value; minus zero is left out, which JSON writes as zero. */
const { value: anyJson } = fc.letrec<{ value: Json }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.string(),
    fc.double({ noNaN: true, noDefaultInfinity: true }).map((number) => number + 0),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie("value"), { maxLength: 4 }),
    fc.dictionary(fc.string(), tie("value"), { maxKeys: 4, noNullPrototype: true }),
  ),
}));

/** The same value with the members of every object in the opposite order. */
function reversed(value: Json): Json {
  if (Array.isArray(value)) return value.map(reversed);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).reverse().map(([name, member]) => [name, reversed(member)]));
}

Deno.test("canonicalJson() gives JSON of the same value", () => {
  fc.assert(fc.property(anyJson, (value) => {
    assertEquals(JSON.parse(canonicalJson(value)), JSON.parse(JSON.stringify(value)));
  }));
});

Deno.test("canonicalJson() does not depend on the order of members", () => {
  fc.assert(fc.property(anyJson, (value) => assertEquals(canonicalJson(reversed(value)), canonicalJson(value))));
});

Deno.test("canonicalJson() depends on the order of items", () => {
  assertNotEquals(canonicalJson([1, 2]), canonicalJson([2, 1]));
});

Deno.test("canonicalJson() sorts members at every depth, without spaces", () => {
  assertEquals(canonicalJson({ b: [{ d: 1, c: null }], a: "x" }), '{"a":"x","b":[{"c":null,"d":1}]}');
});

Deno.test("sha256() agrees with FIPS 180-2's example", () => {
  assertEquals(sha256("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
});

Deno.test("sha256() takes a text as its UTF-8", () => {
  assertEquals(sha256("Kätzchen"), sha256(new TextEncoder().encode("Kätzchen")));
});
