import { assertEquals } from "@std/assert";
import { inceptionV3 } from "../../../../../model/networks/backbones/inception_v3.ts";
import { multiplyAdds, shapesOf } from "../../../../../model/networks/network.ts";
import { tensorShapes } from "../../../../../model/networks/network_tensors.ts";
import { parameterCount } from "./parameter_count.ts";

Deno.test("inceptionV3() has torchvision's layers and parameters without its classifiers", () => {
  const network = inceptionV3();
  assertEquals(network.rows.filter(({ kind }) => kind === "convolution").length, 94);
  assertEquals(network.rows.filter(({ kind }) => kind === "concatenate").length, 11);
  assertEquals(parameterCount(network), 21_785_568);
  assertEquals(tensorShapes(network).get("Mixed_6b.branch7x7dbl_2.conv.weight"), [128, 128, 7, 1]);
});

Deno.test("inceptionV3() costs what is published: about 5.7 billion multiply-adds", () => {
  assertEquals(multiplyAdds(inceptionV3()), 5_711_168_096);
});

Deno.test("inceptionV3() concatenates in torchvision's order, forks side by side", () => {
  const row = inceptionV3().rows.find(({ output }) => output === "Mixed_7c");
  assertEquals(row, {
    kind: "concatenate",
    inputs: [
      "Mixed_7c.branch1x1",
      "Mixed_7c.branch3x3_2a",
      "Mixed_7c.branch3x3_2b",
      "Mixed_7c.branch3x3dbl_3a",
      "Mixed_7c.branch3x3dbl_3b",
      "Mixed_7c.branch_pool",
    ],
    output: "Mixed_7c",
  });
});

Deno.test("inceptionV3() pools as its weights want it", () => {
  const pools = (options: Parameters<typeof inceptionV3>[0]) =>
    inceptionV3(options).rows.filter(({ kind }) => kind.endsWith("_pool")).slice(2);
  const kinds = pools({}).map(({ output, kind }) => [output.slice(6, 8), kind]);
  assertEquals(Object.fromEntries(kinds), {
    ...{ "5b": "average_pool", "5c": "average_pool", "5d": "average_pool", "6a": "max_pool" },
    ...{ "6b": "average_pool", "6c": "average_pool", "6d": "average_pool", "6e": "average_pool" },
    ...{ "7a": "max_pool", "7b": "average_pool", "7c": "average_pool" },
  });
  assertEquals(pools({ lastPool: "max" }).at(-1)?.kind, "max_pool");
  assertEquals(pools({ lastPool: "max" }).at(-2)?.kind, "average_pool");
  for (const countPadding of [true, false]) {
    const counted = pools({ countPadding }).flatMap((row) => row.kind === "average_pool" ? [row.countPadding] : []);
    assertEquals(counted, Array(9).fill(countPadding));
  }
});

Deno.test("inceptionV3() at a quarter of the width has a quarter of every value's channels", () => {
  const quarter = shapesOf(inceptionV3({ width: 1 / 4 }));
  for (const [name, { channels, ...size }] of shapesOf(inceptionV3())) {
    if (name !== "input") assertEquals(quarter.get(name), { channels: channels / 4, ...size }, name);
  }
});
