import { assertEquals, assertThrows } from "@std/assert";
import { shapesOf } from "../../../../../model/networks/network.ts";
import { resnet50 } from "../../../../../model/networks/backbones/resnet50.ts";
import { summaryName, withSummaries } from "../../../../../model/networks/fused/summaries.ts";

const network = resnet50({ width: 1 / 16 });
const value = "layer4";
const summaries = [
  { value, by: "global_average" },
  { value, by: "global_max" },
  { value, by: "windows" },
] as const;

Deno.test("withSummaries() pools the whole map, and four windows that share a line of its seven", () => {
  const shapes = shapesOf(withSummaries(network, summaries));
  assertEquals(summaries.map((summary) => shapes.get(summaryName(summary))), [
    { channels: 128, height: 1, width: 1 },
    { channels: 128, height: 1, width: 1 },
    { channels: 128, height: 2, width: 2 },
  ]);
  assertEquals(summaryName(summaries[1]), "layer4.global_max");
});

Deno.test("withSummaries() refuses a value that the network does not have", () => {
  const lacking = [{ value: "layer5", by: "windows" }] as const;
  assertThrows(() => withSummaries(network, lacking), RangeError, 'got "layer5"');
});
