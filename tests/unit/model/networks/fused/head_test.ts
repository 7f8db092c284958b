import { assertAlmostEquals, assertEquals } from "@std/assert";
import { randomFrom } from "../../../../../data/random.ts";
import { initialHead, linearLayers } from "../../../../../model/networks/fused/head.ts";

Deno.test("linearLayers() bears the names that PyTorch's Sequential gives", () => {
  assertEquals(linearLayers({ features: 4, hidden: [3] }), [
    { name: "head.1", inputs: 4, outputs: 3 },
    { name: "head.3", inputs: 3, outputs: 2 },
  ]);
  assertEquals(linearLayers({ features: 4, hidden: [] }), [{ name: "head.1", inputs: 4, outputs: 2 }]);
});

Deno.test("initialHead() draws linear layers uniformly within 1 / sqrt(inputs), as PyTorch does", () => {
  const head = initialHead({ features: 100, hidden: [400] }, randomFrom(7, "head"));
  for (const name of ["head.1.weight", "head.1.bias"]) {
    const values = head.get(name)?.data ?? new Float32Array(0);
    assertEquals(values.length, name.endsWith("weight") ? 40_000 : 400);
    const spread = values.reduce((total, value) => total + value * value, 0) / values.length;
    assertEquals(values.every((value) => Math.abs(value) <= 0.1), true);
    // The variance of a uniform distribution on (-b, b) is b * b / 3.
    assertAlmostEquals(spread, 0.01 / 3, name.endsWith("weight") ? 1e-4 : 1e-3);
  }
  assertEquals(head.get("head.3.weight")?.shape, [2, 400]);
});

Deno.test("initialHead() starts the batch norm as the identity", () => {
  const head = initialHead({ features: 2, hidden: [] }, () => 0.5);
  const values = ["weight", "bias", "running_mean", "running_var"].map((
    name,
  ) => [...head.get(`head.0.${name}`)?.data ?? []]);
  assertEquals(values, [[1, 1], [0, 0], [0, 0], [1, 1]]);
});

Deno.test("initialHead() is the same for the same random numbers", () => {
  const draw = () => initialHead({ features: 6, hidden: [4] }, randomFrom(1, "head"));
  assertEquals(draw(), draw());
});
