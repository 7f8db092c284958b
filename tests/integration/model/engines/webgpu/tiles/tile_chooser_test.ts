import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import type { Device } from "../../../../../../model/engines/webgpu/device/device.ts";
import { type Tile, tilesWithin } from "../../../../../../model/engines/webgpu/kernels/tile.ts";
import {
  MeasuredTiles,
  TilesByRule,
  type TileStore,
} from "../../../../../../model/engines/webgpu/tiles/tile_chooser.ts";
import { WebgpuNetwork } from "../../../../../../model/engines/webgpu/webgpu_network.ts";
import { weightsFor } from "../../awkward_network.ts";
import { photosFor } from "../../plain_outputs.ts";
import { testOnDevice, wideNetwork } from "../on_device.ts";

/** Where tiles are kept for the length of a test. */
function memory(): TileStore & { kept: ReadonlyMap<string, Tile> } {
  return {
    kept: new Map(),
    read() {
      return Promise.resolve(this.kept);
    },
    write(tiles) {
      this.kept = new Map(tiles);
      return Promise.resolve();
    },
  };
}

/** Counts what is asked of a device from here on. */
function countOn({ gpu }: Device): { pipelines: number; passes: number; submits: number } {
  const counts = { pipelines: 0, passes: 0, submits: 0 };
  const [compile, encoder] = [gpu.createComputePipeline.bind(gpu), gpu.createCommandEncoder.bind(gpu)];
  const submit = gpu.queue.submit.bind(gpu.queue);
  gpu.createComputePipeline = (descriptor) => {
    counts.pipelines++;
    return compile(descriptor);
  };
  gpu.createCommandEncoder = (descriptor) => {
    const made = encoder(descriptor);
    const begin = made.beginComputePass.bind(made);
    made.beginComputePass = (descriptor) => {
      counts.passes++;
      return begin(descriptor);
    };
    return made;
  };
  gpu.queue.submit = (buffers) => {
    counts.submits++;
    submit(buffers);
  };
  return counts;
}

const network = wideNetwork();
const weights = weightsFor(network);

async function run(device: Device, tiles: MeasuredTiles | TilesByRule, longJob: boolean, batches: readonly number[]) {
  const compiled = await WebgpuNetwork.compile(device, tiles, network, weights, ["wide"], { longJob });
  try {
    const values: (Float32Array | undefined)[] = [];
    for (const photos of batches) values.push((await compiled.run(photosFor(network, photos))).get("wide")?.data);
    const { dispatches } = await compiled.batchProgram(1);
    return { first: values[0], tile: dispatches.find(({ tile }) => tile)?.tile };
  } finally {
    await compiled.close();
  }
}

testOnDevice("MeasuredTiles times for long jobs alone, once for all batches, and says so", async (device) => {
  const store = memory();
  const said: string[] = [];
  const measured = () => new MeasuredTiles(device, { store, photos: 4, say: (line) => said.push(line) });
  const counts = countOn(device);
  const byRule = await run(device, new TilesByRule(device, 4), false, [1]);
  // load, convolution, store; a batch is one submit and one pass.
  assertEquals(counts, { pipelines: 3, passes: 1, submits: 1 });
  assertEquals(await run(device, measured(), false, [1, 3, 9]), byRule);
  assertEquals(
    counts,
    { pipelines: 3, passes: 4, submits: 4 },
    "what only predicts times nothing, and compiles nothing",
  );
  assertEquals([store.kept.size, said], [0, []]);

  const long = await run(device, measured(), true, [1, 3, 4]);
  assertEquals(long.first, byRule.first, "a tile changes no value");
  assertEquals([...store.kept.values()], [long.tile]);
  assertEquals(counts.pipelines, 3 + 3, "four tiles, of which the rule's was there");
  assert(
    counts.submits <= 4 + 3 + 5,
    `${counts.submits} submits: three batches, three readings of the clock, two searches`,
  );
  assertEquals(said.length, 1);
  assertStringIncludes(said[0], "timing ways to compute 1 kinds of layers on this GPU: 3 seconds at most");

  const before = { ...counts };
  const again = await run(device, measured(), true, [1]);
  assertEquals([again.tile, counts.submits, counts.pipelines], [long.tile, before.submits + 1, before.pipelines]);
});

testOnDevice("MeasuredTiles goes by the rule where a device has no clock", async (device) => {
  const store = memory();
  const measured = new MeasuredTiles(device, { store, photos: 1, say: (line) => assertEquals(line, "nothing") });
  const counts = countOn(device);
  const { tile } = await run(device, measured, true, [1]);
  assertEquals([counts.submits, store.kept.size], [1, 0]);
  assertEquals(tile, (await run(device, new TilesByRule(device, 1), false, [1])).tile);
}, { without: ["timestamp-query"] });

/** Lets a device refuse some pipelines, as drivers do whose registers do not suffice. */
function refusePipelines({ gpu }: Device, refuses: (code: string) => boolean): void {
  const make = gpu.createShaderModule.bind(gpu);
  gpu.createShaderModule = (descriptor) => make(refuses(descriptor.code) ? { ...descriptor, code: "no" } : descriptor);
}

testOnDevice("tiles that a device does not compile or run end nothing: others are taken", async (device) => {
  const plain = await run(device, new TilesByRule(device, 1), false, [1]);
  const threads = (tile?: Tile) => (tile ? tile.rowThreads * tile.columnThreads : 0);
  const refused = `@workgroup_size(${threads(plain.tile)})`;
  refusePipelines(device, (code) => code.includes("TILE_ROWS") && code.includes(refused));
  const other = tilesWithin(device.tileLimits).filter((tile) => threads(tile) !== threads(plain.tile));
  assert(other.length > 0);
  const fresh = { ...network, inputShape: { ...network.inputShape, width: network.inputShape.width + 1 } };
  const freshWeights = weightsFor(fresh);
  for (const longJob of [false, true]) {
    const tiles = longJob
      ? new MeasuredTiles(device, { store: memory(), photos: 1, say: () => {} })
      : new TilesByRule(device, 1);
    const compiled = await WebgpuNetwork.compile(device, tiles, fresh, freshWeights, ["wide"], { longJob });
    assertEquals((await compiled.run(photosFor(fresh, 1))).get("wide")?.shape, [1, 141, 13, 12]);
    const { dispatches } = await compiled.batchProgram(1);
    const taken = dispatches.flatMap(({ tile }) => tile ?? []);
    assertEquals(taken.length, 1);
    assert(other.some((tile) => JSON.stringify(tile) === JSON.stringify(taken[0])));
    await compiled.close();
  }
});

testOnDevice("a network that no tile computes says what the driver said, and of which layer", async (device) => {
  refusePipelines(device, (code) => code.includes("TILE_ROWS"));
  await assertRejects(
    () => run(device, new TilesByRule(device, 1), false, [1]),
    Error,
    "Cannot compute wide (convolution) on WebGPU: ",
  );
});
