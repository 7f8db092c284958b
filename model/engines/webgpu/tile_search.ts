import type { Device } from "./device.ts";
import { type ProductExtents, rankTiles, type Tile, tilesWithin } from "./kernels/tile.ts";

/** One dispatch that can be repeated. */
export interface Dispatch {
  readonly name: string;
  readonly pipeline: GPUComputePipeline;
  readonly bindings: GPUBindGroup;
  readonly grid: readonly [x: number, y: number];
}

/** Tiles that are tried for each layer: the most promising ones. */
const TRIED = 5;
/** A trial is long enough to be timed when it takes this many milliseconds. */
const TRIAL_MILLISECONDS = 4;
const LARGEST_REPEATS = 256;

/** Chooses the tile of each layer. */
export interface TileChooser {
  /**
   * @param key what the layer's time depends on; layers with the same key get the same tile
   * @param dispatchWith the layer's dispatch with a tile
   */
  choose(key: string, product: ProductExtents, dispatchWith: (tile: Tile) => Dispatch): Promise<Tile>;
  /** Keeps what was found for the next process. */
  keep(): Promise<void>;
}

/** Takes the most promising tile by rule, without measuring: for software adapters, on which all are as slow. */
export function tilesByRule(device: Device): TileChooser {
  const tiles = tilesWithin(device.tileLimits);
  return { choose: (_, product) => Promise.resolve(rankTiles(tiles, product)[0]), keep: () => Promise.resolve() };
}

/** Where measured tiles are kept from one process to the next. */
export interface TileStore {
  read(): Promise<ReadonlyMap<string, Tile>>;
  write(tiles: ReadonlyMap<string, Tile>): Promise<void>;
}

/** Times the most promising tiles of each layer on the device, once, and keeps what was fastest. */
export class MeasuredTiles implements TileChooser {
  #known: Promise<Map<string, Tile>> | undefined;
  #unwritten = false;

  constructor(readonly device: Device, readonly store: TileStore) {}

  async choose(key: string, product: ProductExtents, dispatchWith: (tile: Tile) => Dispatch): Promise<Tile> {
    this.#known ??= this.store.read().then((tiles) => new Map(tiles));
    const known = await this.#known;
    const found = known.get(key);
    if (found) return found;
    const tried = rankTiles(tilesWithin(this.device.tileLimits), product).slice(0, TRIED);
    let [best, least] = [tried[0], Infinity];
    for (const tile of tried) {
      const milliseconds = await timeDispatch(this.device, dispatchWith(tile));
      if (milliseconds < least) [best, least] = [tile, milliseconds];
    }
    known.set(key, best);
    this.#unwritten = true;
    return best;
  }

  async keep(): Promise<void> {
    if (!this.#unwritten || !this.#known) return;
    this.#unwritten = false;
    await this.store.write(await this.#known);
  }
}

/**
 * The milliseconds that a dispatch takes, by repeating it until a trial is long enough to be timed; the least of three
 * trials, since whatever else happens only adds.
 */
export async function timeDispatch(device: Device, dispatch: Dispatch): Promise<number> {
  const timer = createTimer(device);
  try {
    await timer.time(dispatch, 1);
    let repeats = 1;
    let milliseconds = await timer.time(dispatch, repeats);
    while (milliseconds < TRIAL_MILLISECONDS && repeats < LARGEST_REPEATS) {
      repeats = Math.min(LARGEST_REPEATS, repeats * 4);
      milliseconds = await timer.time(dispatch, repeats);
    }
    for (let trial = 0; trial < 2; trial++) milliseconds = Math.min(milliseconds, await timer.time(dispatch, repeats));
    return milliseconds / repeats;
  } finally {
    timer.close();
  }
}

interface Timer {
  time(dispatch: Dispatch, repeats: number): Promise<number>;
  close(): void;
}

/** Times on the device's own clock where it has one, else by how long it takes until all work is done. */
function createTimer(device: Device): Timer {
  const { gpu, errors } = device;
  if (!gpu.features.has("timestamp-query")) {
    return {
      async time(dispatch, repeats) {
        const started = performance.now();
        submitRepeated(device, dispatch, repeats);
        await errors.settle(gpu.queue.onSubmittedWorkDone());
        return performance.now() - started;
      },
      close() {},
    };
  }
  const bytes = 2 * BigUint64Array.BYTES_PER_ELEMENT;
  const querySet = gpu.createQuerySet({ type: "timestamp", count: 2 });
  const resolved = gpu.createBuffer({ size: bytes, usage: GPUBufferUsage.QUERY_RESOLVE | GPUBufferUsage.COPY_SRC });
  const readable = gpu.createBuffer({ size: bytes, usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST });
  return {
    async time(dispatch, repeats) {
      submitRepeated(device, dispatch, repeats, querySet, (encoder) => {
        encoder.resolveQuerySet(querySet, 0, 2, resolved, 0);
        encoder.copyBufferToBuffer(resolved, 0, readable, 0, bytes);
      });
      await errors.settle(readable.mapAsync(GPUMapMode.READ));
      const [start, end] = new BigUint64Array(readable.getMappedRange().slice(0));
      readable.unmap();
      const nanosecondsInMillisecond = 1e6;
      return Number(end - start) / nanosecondsInMillisecond;
    },
    close() {
      querySet.destroy();
      resolved.destroy();
      readable.destroy();
    },
  };
}

function submitRepeated(
  { gpu, errors }: Device,
  { name, pipeline, bindings, grid }: Dispatch,
  repeats: number,
  querySet?: GPUQuerySet,
  finish?: (encoder: GPUCommandEncoder) => void,
): void {
  errors.watch(name, () => {
    const encoder = gpu.createCommandEncoder({ label: name });
    const timestampWrites = querySet && { querySet, beginningOfPassWriteIndex: 0, endOfPassWriteIndex: 1 };
    const pass = encoder.beginComputePass({ label: name, timestampWrites });
    pass.setPipeline(pipeline);
    pass.setBindGroup(0, bindings);
    for (let k = 0; k < repeats; k++) pass.dispatchWorkgroups(...grid);
    pass.end();
    finish?.(encoder);
    gpu.queue.submit([encoder.finish()]);
  });
}
