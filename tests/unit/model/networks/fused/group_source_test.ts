import { assertEquals, assertThrows } from "@std/assert";
import { inceptionV3 } from "../../../../../model/networks/backbones/inception_v3.ts";
import { resnet50 } from "../../../../../model/networks/backbones/resnet50.ts";
import { groupSource } from "../../../../../model/networks/fused/group_source.ts";

const NETWORKS = [resnet50({ width: 1 / 16 }), inceptionV3({ width: 1 / 16 })];

Deno.test("groupSource() tells of every kind of group what it sums up", () => {
  assertEquals(groupSource("resnet.features", NETWORKS), { backbone: 0, value: "layer4", by: "global_average" });
  assertEquals(groupSource("inception.features", NETWORKS), { backbone: 1, value: "Mixed_7c", by: "global_average" });
  assertEquals(groupSource("resnet.layer4.windows", NETWORKS), { backbone: 0, value: "layer4", by: "windows" });
  assertEquals(groupSource("inception.Mixed_6e.global_max", NETWORKS), {
    backbone: 1,
    value: "Mixed_6e",
    by: "global_max",
  });
});

Deno.test("groupSource() refuses what is no group", () => {
  assertThrows(() => groupSource("resnet.layer5.windows", NETWORKS), RangeError, "got resnet.layer5.windows");
});
