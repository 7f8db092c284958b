/**
 * What each layer of a backbone takes on WebGPU: dispatches, arithmetic, bytes, workgroup memory, registers, beside
 * what tfjs asks for; and, on a GPU, the time of each layer against what the card can do.
 *
 * usage: deno run -A tests/bench/webgpu/layers.ts [--network resnet50|inception_v3] [--batch 32] [--precision f16|f32]
 *        [--time] [--tfjs-batch 1]
 *
 * Without `--time` nothing but tfjs's counts needs an adapter. `--time` on a software adapter measures the software.
 */
import { parseArgs } from "@std/cli/parse-args";
import { Device } from "../../../model/engines/webgpu/device/device.ts";
import { DeviceClock } from "../../../model/engines/webgpu/device/device_clock.ts";
import { findGpuAdapter, type GpuAdapter, requestGpuDevice } from "../../../model/engines/gpu/gpu_adapter.ts";
import { GpuErrors } from "../../../model/engines/gpu/gpu_errors.ts";
import type { Precision } from "../../../model/engines/webgpu/kernels/shader.ts";
import { rankTiles, type Tile, tileGroups, tileRows, tilesWithin } from "../../../model/engines/webgpu/kernels/tile.ts";
import { storedTiles } from "../../../model/engines/webgpu/tiles/stored_tiles.ts";
import { MeasuredTiles, TilesByRule } from "../../../model/engines/webgpu/tiles/tile_chooser.ts";
import { WebgpuNetwork } from "../../../model/engines/webgpu/webgpu_network.ts";
import { inceptionV3 } from "../../../model/networks/backbones/inception_v3.ts";
import type { Network } from "../../../model/networks/layers.ts";
import { resnet50 } from "../../../model/networks/backbones/resnet50.ts";
import { sizeOf, type TensorMap } from "../../../model/tensor.ts";
import { alignedTable } from "../../../pipeline/terminal/table.ts";
import { randomWeights } from "../random_weights.ts";
import { type LayerCost, layerCosts } from "./layer_costs.ts";
import { type CardPeak, measurePeak } from "./card_peak.ts";
import { timeDispatch } from "./dispatch_timer.ts";
import { countTfjs } from "./tfjs_counts.ts";

const NETWORKS: Readonly<Record<string, () => Network>> = { resnet50, inception_v3: inceptionV3 };
/** What a desktop or server card gives a workgroup, when no card is there to ask. */
const TYPICAL_LIMITS = { workgroupBytes: 32768, threads: 1024 };

/** A layer's milliseconds, and the tile that it was timed with. */
type Times = ReadonlyMap<string, { readonly milliseconds: number; readonly tile?: Tile }>;

interface Timing {
  readonly times: Times;
  /** The milliseconds of a whole batch, from floats in memory to features there: the median of some. */
  readonly batch: number;
  readonly peak: CardPeak;
}

const TIMED_BATCHES = 5;

async function main(): Promise<void> {
  const options = parseArgs(Deno.args, {
    string: ["network", "batch", "precision", "tfjs-batch"],
    boolean: ["time"],
    default: { network: Object.keys(NETWORKS).join(), batch: "32", "tfjs-batch": "1", time: false },
  });
  const photos = Number(options.batch);
  const found = await findGpuAdapter();
  const wanted = options.precision ?? (found?.adapter.features.has("shader-f16") === false ? "f32" : "f16");
  const precision = wanted === "f32" ? "f32" : "f16";
  console.log(`adapter: ${found?.description ?? "none"}; batch ${photos}, ${precision}`);
  for (const name of String(options.network).split(",")) {
    const network = NETWORKS[name]?.();
    if (!network) throw new RangeError(`Cannot count ${name}: expected ${Object.keys(NETWORKS).join(" or ")}`);
    const weights = randomWeights(network);
    const timed = options.time && found ? await timeLayers(found, network, weights, photos, precision) : undefined;
    printLayers(network, photos, precision, timed);
    if (found) await printTfjs(found, network, weights, Number(options["tfjs-batch"]));
  }
}

async function timeLayers(
  found: GpuAdapter,
  network: Network,
  weights: TensorMap,
  photos: number,
  precision: Precision,
): Promise<Timing | undefined> {
  const errors = new GpuErrors(await requestGpuDevice(found));
  const { vendor, architecture } = found.adapter.info;
  const device = new Device(errors, [found.description, vendor, architecture].join(" "), precision);
  const clock = await DeviceClock.open(device);
  if (!clock) {
    console.error("This GPU has no clock of its own: layers are counted and not timed.");
    errors.close();
    return undefined;
  }
  const measuring = { store: storedTiles(device.name), photos, say: (line: string) => console.error(line) };
  const tiles = found.isSoftware ? new TilesByRule(device, photos) : new MeasuredTiles(device, measuring);
  const compiled = await WebgpuNetwork.compile(device, tiles, network, weights, [network.output], { longJob: true });
  try {
    const times = new Map<string, { milliseconds: number; tile?: Tile }>();
    for (const { name, grid, tile, ...dispatch } of (await compiled.batchProgram(photos)).dispatches) {
      const milliseconds = await timeDispatch(clock, { ...dispatch, name, grid: grid(photos) });
      times.set(name, { milliseconds, tile });
    }
    const { channels, height, width } = network.inputShape;
    const shape = [photos, channels, height, width];
    const batch = { shape, data: new Float32Array(sizeOf(shape)).fill(0.5) };
    const batches: number[] = [];
    for (let k = 0; k <= TIMED_BATCHES; k++) {
      const started = performance.now();
      await compiled.run(batch);
      batches.push(performance.now() - started);
    }
    const [middle] = batches.slice(1).toSorted((a, b) => a - b).slice(TIMED_BATCHES >> 1);
    return { times, batch: middle, peak: await measurePeak(device, clock) };
  } finally {
    clock.close();
    await compiled.close();
    errors.close();
  }
}

function printLayers(
  network: Network,
  photos: number,
  precision: Precision,
  timed: Timing | undefined,
): void {
  const tiles = tilesWithin(TYPICAL_LIMITS);
  const costs = layerCosts(network, [network.output], photos, precision, ({ output }, gemm) => {
    return timed?.times.get(`${output} (convolution)`)?.tile ?? rankTiles(tiles, gemm)[0];
  });
  const headings = [
    "layer",
    "kind",
    "GFLOP",
    "useful",
    "MB least",
    "MB asked",
    "workgroups",
    "tile",
    "KB",
    "registers",
  ];
  const rows = costs.map((cost) => layerCells(cost));
  if (timed) {
    headings.push("µs", "GFLOP/s", "GB/s", "of the roof", "bound by");
    for (const [k, cost] of costs.entries()) rows[k].push(...timeCells(cost, timed.times, timed.peak));
    const { gflops, gigabytes } = timed.peak;
    console.log(`\nmeasured roof: ${gflops.toFixed(0)} GFLOP/s in 32-bit sums, ${gigabytes.toFixed(0)} GB/s`);
  }
  console.log(`\n${network.architecture}`);
  console.log(alignedTable(headings, rows));
  const sum = (of: (cost: LayerCost) => number) => costs.reduce((total, cost) => total + of(cost), 0);
  const layers = costs.reduce((total, { dispatch }) => total + (timed?.times.get(dispatch)?.milliseconds ?? NaN), 0);
  console.log(
    `${costs.length} dispatches and one submit a batch; ${(sum(({ flops }) => flops) / 1e9).toFixed(1)} GFLOP, ` +
      `${
        (100 * sum(({ flops }) => flops) / sum(({ computedFlops }) => computedFlops)).toFixed(0)
      }% of what is computed; ` +
      `${(sum(({ leastBytes }) => leastBytes) / 1e6).toFixed(0)} MB read and written at least` +
      (timed
        ? `; the layers ${layers.toFixed(2)} ms, a batch from floats to features ${timed.batch.toFixed(2)} ms, ` +
          `${(1000 * photos / timed.batch).toPrecision(3)} photos/s`
        : ""),
  );
}

function layerCells(cost: LayerCost): string[] {
  const { tile } = cost;
  return [
    cost.output,
    cost.kind,
    (cost.flops / 1e9).toFixed(2),
    `${(100 * cost.flops / cost.computedFlops).toFixed(0)}%`,
    (cost.leastBytes / 1e6).toFixed(1),
    (cost.askedBytes / 1e6).toFixed(1),
    String(cost.workgroups),
    tile ? `${tileRows(tile)}x${4 * tileGroups(tile)}` : "",
    (cost.workgroupBytes / 1024).toFixed(1),
    String(cost.registers),
  ];
}

function timeCells({ dispatch, flops, leastBytes }: LayerCost, times: Times, peak: CardPeak): string[] {
  const { milliseconds = NaN } = times.get(dispatch) ?? {};
  const gflops = flops / milliseconds / 1e6;
  const gigabytes = leastBytes / milliseconds / 1e6;
  // The roofline: a layer can be no faster than its arithmetic at the card's peak, nor than its bytes at the memory's.
  const [arithmetic, memory] = [gflops / peak.gflops, gigabytes / peak.gigabytes];
  return [
    (milliseconds * 1000).toFixed(0),
    gflops.toFixed(0),
    gigabytes.toFixed(0),
    `${(100 * Math.max(arithmetic, memory)).toFixed(0)}%`,
    arithmetic > memory ? "arithmetic" : "memory",
  ];
}

async function printTfjs(
  found: GpuAdapter,
  network: Network,
  weights: TensorMap,
  photos: number,
): Promise<void> {
  const tiles = tilesWithin(TYPICAL_LIMITS);
  const tileOf = (_: unknown, gemm: Parameters<typeof rankTiles>[1]) => rankTiles(tiles, gemm)[0];
  const theirs = await countTfjs(found, network, weights, photos);
  const loadsAndStores = 2;
  const ours = (["f16", "f32"] as const).map((precision) => {
    const costs = layerCosts(network, [network.output], photos, precision, tileOf);
    const bytes = costs.reduce((sum, { leastBytes }) => sum + leastBytes, 0);
    return [`ours, ${precision}`, String(costs.length + loadsAndStores), "1", (bytes / 1e6).toFixed(1)];
  });
  console.log(`\na batch of ${photos}, counted`);
  console.log(alignedTable(["", "dispatches", "submits", "MB read and written"], [
    ...ours,
    ["tfjs, f32", String(theirs.dispatches), String(theirs.submits), (theirs.bytes / 1e6).toFixed(1)],
  ]));
}

await main();
