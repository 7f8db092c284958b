import type { Device } from "../device/device.ts";
import { DeviceClock, type Dispatch } from "../device/device_clock.ts";
import { rankTiles, type Tile, tilesWithin } from "../kernels/tile.ts";
import { searchTiles, type TiledLayer } from "./tile_search.ts";

/** A layer that can be compiled with any tile. */
export interface ConvolutionLayer extends TiledLayer {
  /** Its dispatch with a tile; `undefined` where the device refuses that. */
  dispatchWith(tile: Tile): Promise<Dispatch | undefined>;
}

/** Chooses the tiles of layers. */
export interface TileChooser {
  /** The photos of a batch for which tiles are chosen, whatever batches come: another number asks for no other tiles. */
  readonly photos: number;
  /**
   * @param measure whether the job is long enough for tiles to be timed first
   * @returns a tile for each layer: one that the device takes, if there is any
   */
  choose(layers: readonly ConvolutionLayer[], measure: boolean): Promise<readonly Tile[]>;
}

/** Takes the most promising tiles by rule, without measuring. */
export class TilesByRule implements TileChooser {
  constructor(readonly device: Device, readonly photos: number) {}

  async choose(layers: readonly ConvolutionLayer[]): Promise<readonly Tile[]> {
    return await chosenTiles(this.device, layers, new Map());
  }
}

/** Where measured tiles are kept from one process to the next. */
export interface TileStore {
  read(): Promise<ReadonlyMap<string, Tile>>;
  write(tiles: ReadonlyMap<string, Tile>): Promise<void>;
}

/** What measuring works with besides the device. */
export interface TileMeasuring {
  readonly store: TileStore;
  readonly photos: number;
  /** A line for the user. */
  say(line: string): void;
}

/** The milliseconds that an engine's searches may take together; what is not reached goes by the rule until next time. */
const BUDGET = 3000;

/** Takes the tiles that were fastest when they were timed, once for each kind of layer, and the rule for all others. */
export class MeasuredTiles implements TileChooser {
  readonly photos: number;
  #known: Promise<Map<string, Tile>> | undefined;
  #budget = BUDGET;

  constructor(readonly device: Device, readonly measuring: TileMeasuring) {
    this.photos = measuring.photos;
  }

  async choose(layers: readonly ConvolutionLayer[], measure: boolean): Promise<readonly Tile[]> {
    this.#known ??= this.measuring.store.read().then((tiles) => new Map(tiles));
    const known = await this.#known;
    const unknown = layers.filter(({ key }) => !known.has(key));
    if (measure && unknown.length > 0 && this.#budget > 0) await this.#measure(unknown, known);
    return await chosenTiles(this.device, layers, known);
  }

  async #measure(layers: readonly ConvolutionLayer[], known: Map<string, Tile>): Promise<void> {
    const started = performance.now();
    const clock = await DeviceClock.open(this.device);
    if (!clock) return;
    const { say, store } = this.measuring;
    const kinds = new Set(layers.map(({ key }) => key)).size;
    const most = `${(this.#budget / 1000).toFixed(0)} seconds at most`;
    say(`timing ways to compute ${kinds} kinds of layers on this GPU: ${most}, and once`);
    try {
      const found = await searchTiles(layers, tilesWithin(this.device.tileLimits), {
        prepare: (layer, tile) => layer.dispatchWith(tile),
        time: (passes) => clock.milliseconds(passes.map(({ trial, repeats }) => ({ dispatch: trial, repeats }))),
        now: () => performance.now(),
      }, this.#budget);
      for (const [key, tile] of found) known.set(key, tile);
      await store.write(known);
    } finally {
      clock.close();
      this.#budget -= performance.now() - started;
    }
  }
}

/** Each layer's known tile, else the first by rule, of those that the device takes. */
async function chosenTiles(
  device: Device,
  layers: readonly ConvolutionLayer[],
  known: ReadonlyMap<string, Tile>,
): Promise<readonly Tile[]> {
  const tiles = tilesWithin(device.tileLimits);
  const chosen: Tile[] = [];
  for (const layer of layers) {
    const stored = JSON.stringify(known.get(layer.key));
    const preferred = tiles.filter((tile) => JSON.stringify(tile) === stored);
    chosen.push(await firstTaken(layer, [...preferred, ...rankTiles(tiles, layer.gemm)]));
  }
  return chosen;
}

/** The first tile that the device takes. Where it takes none, whoever compiles the first one hears why. */
async function firstTaken(layer: ConvolutionLayer, tiles: readonly Tile[]): Promise<Tile> {
  for (const tile of tiles) if (await layer.dispatchWith(tile)) return tile;
  return tiles[0];
}
