import { assert, assertEquals, assertRejects } from "@std/assert";
import { Device } from "../../../../../model/engines/webgpu/device/device.ts";
import { FloatWidth } from "../../../../../model/engines/webgpu/float_width.ts";
import { HalfOverflow } from "../../../../../model/engines/webgpu/half_overflow.ts";
import { TilesByRule } from "../../../../../model/engines/webgpu/tiles/tile_chooser.ts";
import { WebgpuNetwork } from "../../../../../model/engines/webgpu/webgpu_network.ts";
import { WideningNetwork } from "../../../../../model/engines/webgpu/widening_network.ts";
import { openWebgpuEngine } from "../../../../../model/engines/webgpu/webgpu_engine.ts";
import { type Tensor, tensor } from "../../../../../model/tensor.ts";
import { assertClose } from "../../training/golden_files.ts";
import { awkwardNetwork, weightsFor } from "../awkward_network.ts";
import { photosFor } from "../plain_outputs.ts";
import { runPlainly } from "../plain_rows.ts";
import { found } from "../gpu/test_on_gpu.ts";
import { precisions, testOnDevice, wideNetwork } from "./on_device.ts";

const network = awkwardNetwork();

/** Weights by which all that `tall` gives is about so large. */
function weightsOf(size: number): ReadonlyMap<string, Tensor> {
  const bias = tensor([5], new Float32Array(5).fill(size));
  return new Map([...weightsFor(network), ["tall_norm.bias", bias]]);
}

if (precisions.includes("f16")) {
  // The infinity that it became was a zero after the next ReLU.
  testOnDevice("run() in 16 bits names the layer whose values they do not hold", async (device) => {
    const tiles = new TilesByRule(device, 1);
    const beyond = await WebgpuNetwork.compile(device, tiles, network, weightsOf(7e4), ["features"]);
    await assertRejects(() => beyond.run(photosFor(network, 3)), HalfOverflow, "others in tall of resnet50");
    const { shape, data } = photosFor(network, 3);
    const bright = tensor(shape, data.map((value, k) => (k === 500 ? 7e4 : value)));
    await assertRejects(() => beyond.run(bright), HalfOverflow, `others in ${network.input} of resnet50`);
    await beyond.close();
    // The largest value that fits is none, and another batch has flags of its own.
    const wide = wideNetwork();
    const weights = (bias: number) =>
      new Map([
        ...weightsFor(wide),
        ["wide_norm.weight", tensor([141], new Float32Array(141))],
        ["wide_norm.running_mean", tensor([141], new Float32Array(141))],
        ["wide_norm.bias", tensor([141], Float32Array.from({ length: 141 }, (_, k) => (k === 140 ? bias : 1)))],
      ]);
    for (const [bias, fits] of [[65504, true], [65520, false], [-65520, false], [NaN, false], [1, true]] as const) {
      const compiled = await WebgpuNetwork.compile(device, tiles, wide, weights(bias), ["wide"]);
      const run = compiled.run(photosFor(wide, 1));
      if (fits) assertEquals((await run).get("wide")?.data.at(-1), bias);
      else await assertRejects(() => run, HalfOverflow, "others in wide of resnet50");
      await compiled.close();
    }
  }, { precision: "f16" });

  testOnDevice(
    "a network whose values overflow goes on in 32 bits, and so do the others on its device",
    async ({ errors }) => {
      const said: string[] = [];
      const width = new FloatWidth("f16", (precision) => {
        const device = new Device(errors, "a device", precision);
        return { device, tiles: new TilesByRule(device, 1) };
      }, (line) => said.push(line));
      const compile = (size: number) => WideningNetwork.compile(width, network, weightsOf(size), ["features"]);
      const [small, large] = [await compile(1), await compile(7e4)];
      const photos = photosFor(network, 2);
      const assertRight = (outputs: ReadonlyMap<string, Tensor>, size: number, tolerance: number) => {
        const expected = [0, 1].flatMap((k) => {
          const data = photos.data.slice(k * photos.data.length / 2, (k + 1) * photos.data.length / 2);
          return [...runPlainly(network, weightsOf(size), { shape: [1, 3, 11, 14], data }).get("features") ?? []];
        });
        assertClose(outputs.get("features")?.data ?? [], expected, tolerance, `of ${size}`);
      };
      assertRight(await small.run(photos), 1, 1e-2);
      assertEquals([width.precision, width.overflow, said], ["f16", undefined, []]);
      // Two at once, both of which overflow.
      for (const outputs of await Promise.all([large.run(photos), large.run(photos)])) assertRight(outputs, 7e4, 1e-5);
      assertEquals([width.precision, width.overflow], ["f32", "tall of resnet50"]);
      assertEquals(said, ["note: 16 bits do not hold the values of tall of resnet50: going on in 32"]);
      assertRight(await small.run(photos), 1, 1e-5);
      await small.close();
      await large.close();
    },
    { precision: "f16" },
  );

  testOnDevice("an engine tells of 32 bits when its weights do not fit into 16, and where they were left", async () => {
    assert(found !== undefined);
    const said: string[] = [];
    const engine = await openWebgpuEngine(found, { precision: "f16", say: (line) => said.push(line) });
    const weights = new Map([...weightsOf(1), ["last.weight", tensor([7, 15, 2, 3], new Float32Array(630).fill(1e7))]]);
    assertEquals([engine.precision, engine.device.endsWith(", in 16 bits")], ["f16", true]);
    const compiled = await engine.compile(network, weights, ["features"]);
    assertEquals([engine.precision, engine.device.endsWith(", in 32 bits")], ["f32", true]);
    assertEquals([engine.halves?.overflow, said.length], ["the weights of last", 1]);
    await compiled.close();
    await engine.close();
  });
}
