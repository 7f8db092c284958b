import { assertEquals, assertThrows } from "@std/assert";
import { tensor } from "../../../../../model/tensor.ts";
import { joinExtracted } from "../../../../../pipeline/features/extract/join_extracted.ts";

Deno.test("joinExtracted() joins features and what each backbone gives at its cut point", () => {
  const batch = (value: number) => ({
    features: tensor([1, 2], Float32Array.of(value, value)),
    cutPoints: new Map([
      ["resnet", tensor([1, 1, 1, 1], Float32Array.of(value + 1))],
      ["inception", tensor([1, 2, 1, 1], Float32Array.of(value + 2, value + 3))],
    ]),
  });
  assertEquals(joinExtracted([batch(10), batch(20)]), {
    features: tensor([2, 2], Float32Array.of(10, 10, 20, 20)),
    cutPoints: new Map([
      ["resnet", tensor([2, 1, 1, 1], Float32Array.of(11, 21))],
      ["inception", tensor([2, 2, 1, 1], Float32Array.of(12, 13, 22, 23))],
    ]),
  });
});

Deno.test("joinExtracted() refuses batches of which one lacks a backbone", () => {
  const batch = (cutPoints: Map<string, ReturnType<typeof tensor>>) => ({
    features: tensor([1, 1], Float32Array.of(1)),
    cutPoints,
  });
  const one = tensor([1, 1, 1, 1], Float32Array.of(1));
  assertThrows(() => joinExtracted([batch(new Map([["resnet", one]])), batch(new Map())]), RangeError, "resnet");
});
