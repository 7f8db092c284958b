import { assertEquals } from "@std/assert";
import { fromFileUrl } from "@std/path";
import { z } from "zod";
import { inceptionV3 } from "../../../../model/networks/backbones/inception_v3.ts";
import { shapesOf } from "../../../../model/networks/network.ts";
import { resnet50 } from "../../../../model/networks/backbones/resnet50.ts";
import { Safetensors } from "../../../../model/weights/safetensors.ts";

const FORWARD = new URL("../../../golden/forward/", import.meta.url);
const Shapes = z.record(z.string(), z.array(z.number()));

for (const { name } of [...Deno.readDirSync(FORWARD)].sort((a, b) => (a.name < b.name ? -1 : 1))) {
  Deno.test(`shapesOf() equals PyTorch's shapes at every depth of ${name}`, async () => {
    const golden = new Safetensors(await Deno.readFile(fromFileUrl(new URL(name, FORWARD))));
    const text = (key: string) => golden.metadata.get(key) ?? "";
    const options = { width: Number(text("width")), inputSize: golden.entries.get("input")?.shape[3] };
    const network = golden.metadata.has("stride_in")
      ? resnet50({ ...options, strideIn: z.enum(["3x3", "1x1"]).parse(text("stride_in")) })
      : inceptionV3({
        ...options,
        countPadding: text("count_padding") === "true",
        lastPool: text("last_pool") === "max" ? "max" : "average",
      });
    const shapes = shapesOf(network);
    for (const [depth, [, ...expected]] of Object.entries(Shapes.parse(JSON.parse(text("shapes"))))) {
      const shape = shapes.get(depth);
      const actual = expected.length === 1 ? [shape?.channels] : [shape?.channels, shape?.height, shape?.width];
      assertEquals(actual, expected, depth);
    }
  });
}
