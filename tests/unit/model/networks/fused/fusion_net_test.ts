import { assertEquals } from "@std/assert";
import { FUSED_BACKBONES, fusionHead } from "../../../../../model/networks/fused/fusion_net.ts";
import { inceptionV3 } from "../../../../../model/networks/backbones/inception_v3.ts";
import { partOf, shapesOf } from "../../../../../model/networks/network.ts";
import { resnet50 } from "../../../../../model/networks/backbones/resnet50.ts";

Deno.test("fusionHead() halves the width three times", () => {
  assertEquals(fusionHead(4096), { features: 4096, hidden: [2048, 1024, 512] });
  assertEquals(fusionHead(1024), { features: 1024, hidden: [512, 256, 128] });
});

Deno.test("FUSED_BACKBONES tunes exactly the blocks after each cut point, ResNet50 first", () => {
  assertEquals(FUSED_BACKBONES.map(({ architecture }) => architecture), ["resnet50", "inception_v3"]);
  for (const { architecture, cutPoint, tuned } of FUSED_BACKBONES) {
    const network = architecture === "resnet50" ? resnet50() : inceptionV3();
    const part = partOf(network, cutPoint, "features");
    const blocks = [...shapesOf(part).keys()].filter((name) => /^(layer\d|Mixed_\d\w)$/.test(name));
    assertEquals(blocks, [cutPoint, ...tuned]);
  }
});
