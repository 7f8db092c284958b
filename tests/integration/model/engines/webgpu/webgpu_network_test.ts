import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import type { Device } from "../../../../../model/engines/webgpu/device/device.ts";
import { type Tile, tileRows, tilesWithin } from "../../../../../model/engines/webgpu/kernels/tile.ts";
import { type TileChooser, TilesByRule } from "../../../../../model/engines/webgpu/tiles/tile_chooser.ts";
import { WebgpuNetwork } from "../../../../../model/engines/webgpu/webgpu_network.ts";
import type { Network } from "../../../../../model/networks/layers.ts";
import { tensor } from "../../../../../model/tensor.ts";
import { assertClose } from "../../training/golden_files.ts";
import { randomNetworks } from "../../../../unit/model/engines/webgpu/random_network.ts";
import { awkwardNetwork, weightsFor } from "../awkward_network.ts";
import { embeddedGoldens, readGolden, samplesOf } from "../golden_forward.ts";
import { assertPlainOutputs, observableOutputs, photosFor } from "../plain_outputs.ts";
import { runPlainly } from "../plain_rows.ts";
import { found } from "../gpu/test_on_gpu.ts";
import { precisions, testOnDevice, wideNetwork } from "./on_device.ts";

/** Rounding every value to 16 bits leaves errors of this order. */
const tolerances = { f32: 1e-5, f16: 1e-2 };

/** Compiles a network with every value as an output, and holds every photo's to the oracle. */
async function assertComputes(
  device: Device,
  network: Network,
  batch: number,
  tiles: TileChooser = new TilesByRule(device, 1),
): Promise<void> {
  const weights = weightsFor(network);
  const photos = photosFor(network, batch);
  const compiled = await WebgpuNetwork.compile(device, tiles, network, weights, observableOutputs(network));
  try {
    assertPlainOutputs(network, weights, photos, await compiled.run(photos), tolerances[device.precision]);
  } finally {
    await compiled.close();
  }
}

for (const precision of precisions) {
  testOnDevice(`kernels in ${precision} compute what the rows mean, for any rows`, async (device) => {
    await fc.assert(
      fc.asyncProperty(randomNetworks(), fc.integer({ min: 1, max: 3 }), async (network, batch) => {
        await assertComputes(device, network, batch);
      }),
      { numRuns: 25 },
    );
  }, { precision });

  testOnDevice(`every tile in ${precision} computes the same convolutions`, async (device) => {
    for (const [k, tile] of tilesWithin(device.tileLimits).entries()) {
      await assertComputes(device, wideNetwork(), 2, always(tile));
      // How windows are found does not depend on the precision, and a software adapter compiles for seconds.
      const isAsked = precision === "f32" && (!found?.isSoftware || k % 3 === 0);
      if (isAsked) await assertComputes(device, awkwardNetwork(), 3, always(tile));
    }
  }, { precision });
}

function always(tile: Tile): TileChooser {
  return { photos: 1, choose: (layers) => Promise.resolve(layers.map(() => tile)) };
}

testOnDevice("run() in 16 bits stays near PyTorch at the end of both backbones", async (device) => {
  const files = ["tiny-resnet50-stride-1x1", "tiny-inception_v3-torchvision"];
  for (const file of embeddedGoldens().filter(({ name }) => files.includes(name))) {
    const { network, weights, input, depths } = await readGolden(file);
    const compiled = await WebgpuNetwork.compile(device, new TilesByRule(device, 1), network, weights, ["features"]);
    const features = (await compiled.run(input)).get("features");
    assert(features !== undefined);
    const { samples } = depths.find(({ name }) => name === "features") ?? { samples: [] };
    assertClose(samplesOf(features), samples, 1e-2, file.name);
    await compiled.close();
  }
}, { precision: precisions.includes("f16") ? "f16" : "f32" });

/** Less than three photos of the awkward network's largest value. */
const narrow = { maxStorageBufferBindingSize: 6400, maxBufferSize: 6400 };

testOnDevice("run() takes a batch in parts where a kernel cannot bind it at once", async (device) => {
  const network = awkwardNetwork();
  const photos = photosFor(network, 7);
  const compiled = await WebgpuNetwork.compile(device, new TilesByRule(device, 1), network, weightsFor(network), [
    "features",
  ]);
  const features = (await compiled.run(photos)).get("features");
  assertEquals(features?.shape, [7, 7]);
  for (let k = 0; k < 7; k++) {
    const size = photos.data.length / 7;
    const one = tensor([1, ...photos.shape.slice(1)], photos.data.slice(k * size, (k + 1) * size));
    assertEquals((await compiled.run(one)).get("features")?.data, features?.data.slice(k * 7, (k + 1) * 7));
  }
  await compiled.close();
}, { limits: narrow });

testOnDevice("run() keeps batches of any sizes apart that are under way together", async (device) => {
  const network = awkwardNetwork();
  const compiled = await WebgpuNetwork.compile(device, new TilesByRule(device, 1), network, weightsFor(network), [
    "features",
  ]);
  const sizes = [1, 5, 2, 9, 3];
  const together = await Promise.all(sizes.map((size) => compiled.run(photosFor(network, size))));
  const nine = together[3].get("features")?.data ?? new Float32Array();
  for (const [k, size] of sizes.entries()) {
    assertEquals(together[k].get("features")?.data, nine.slice(0, size * 7), `a batch of ${size}`);
  }
  await compiled.close();
});

testOnDevice("run() computes more rows of tiles than one dimension of a grid holds", async (device) => {
  const side = 1030;
  const network: Network = { ...wideNetwork(), inputShape: { channels: 3, height: side, width: side } };
  const [row] = network.rows;
  const narrow = { ...network, rows: [{ ...row, outputChannels: 1 }] };
  const smallest = tilesWithin(device.tileLimits).toSorted((a, b) => tileRows(a) - tileRows(b))[0];
  const last = side * side - 1;
  assert(last / tileRows(smallest) > 65535);
  const weights = weightsFor(narrow);
  const photo = photosFor(narrow, 1);
  const compiled = await WebgpuNetwork.compile(device, always(smallest), narrow, weights, ["wide"]);
  const wide = (await compiled.run(photo)).get("wide")?.data ?? [];
  const corner = Float32Array.from({ length: 3 }, (_, channel) => photo.data[channel * side * side + last]);
  const one = { ...narrow, inputShape: { channels: 3, height: 1, width: 1 } };
  const [expected] = runPlainly(one, weights, tensor([1, 3, 1, 1], corner)).get("wide") ?? [];
  assert(expected > 0);
  assertClose([wide[last]], [expected], 1e-5, "the last pixel");
  await compiled.close();
});

testOnDevice("close() leaves no buffer on the device", async (device) => {
  const alive = new Set<string>();
  const create = device.gpu.createBuffer.bind(device.gpu);
  let made = 0;
  device.gpu.createBuffer = (descriptor) => {
    const buffer = create(descriptor);
    const name = `${descriptor.label} ${made++}`;
    alive.add(name);
    const destroy = buffer.destroy.bind(buffer);
    buffer.destroy = () => {
      alive.delete(name);
      destroy();
    };
    return buffer;
  };
  const network = awkwardNetwork();
  const compiled = await WebgpuNetwork.compile(device, new TilesByRule(device, 1), network, weightsFor(network), [
    "features",
  ]);
  await Promise.all([2, 3, 9].map((size) => compiled.run(photosFor(network, size))));
  assert(alive.size > 0);
  const underway = compiled.run(photosFor(network, 2));
  await compiled.batchProgram(2);
  await compiled.close();
  await underway;
  assertEquals([...alive], []);
});
