import fc from "fast-check";
import { assert, assertEquals } from "@std/assert";
import { tensor } from "../../../../model/tensor.ts";
import { chunked, joinBatches } from "../../../../pipeline/features/batches.ts";

Deno.test("chunked() keeps all items in order, and only the last run may be short", () => {
  fc.assert(fc.property(fc.array(fc.integer()), fc.integer({ min: 1, max: 9 }), (items, size) => {
    const runs = chunked(items, size);
    assertEquals(runs.flat(), items);
    runs.forEach((run, k) => assert(k < runs.length - 1 ? run.length === size : run.length > 0 && run.length <= size));
  }));
});

Deno.test("joinBatches() joins features and each backbone's boundary", () => {
  const batch = (value: number) => ({
    features: tensor([1, 2], Float32Array.of(value, value)),
    boundaries: new Map([
      ["resnet", tensor([1, 1, 1, 1], Float32Array.of(value + 1))],
      ["inception", tensor([1, 2, 1, 1], Float32Array.of(value + 2, value + 3))],
    ]),
  });
  assertEquals(joinBatches([batch(10), batch(20)]), {
    features: tensor([2, 2], Float32Array.of(10, 10, 20, 20)),
    boundaries: new Map([
      ["resnet", tensor([2, 1, 1, 1], Float32Array.of(11, 21))],
      ["inception", tensor([2, 2, 1, 1], Float32Array.of(12, 13, 22, 23))],
    ]),
  });
});
