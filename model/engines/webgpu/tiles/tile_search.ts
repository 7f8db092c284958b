import type { Device } from "../device/device.ts";
import { type DeviceClock, openDeviceClock } from "../device/device_clock.ts";
import { type Dispatch, timeDispatch } from "../device/dispatch_timer.ts";
import { type GemmExtents, rankTiles, type Tile, tilesWithin } from "../kernels/tile.ts";

/** Tiles that are tried for each layer: the most promising ones. */
const TRIED = 8;

/** Chooses the tile of each layer. */
export interface TileChooser {
  /**
   * @param key what the layer's time depends on; layers with the same key get the same tile
   * @param dispatchWith the layer's dispatch with a tile
   */
  choose(key: string, gemm: GemmExtents, dispatchWith: (tile: Tile) => Dispatch): Promise<Tile>;
  /** Keeps what was found for the next process. */
  keep(): Promise<void>;
}

/** Takes the most promising tile by rule, without measuring: for software adapters, on which all are as slow. */
export function tilesByRule(device: Device): TileChooser {
  const tiles = tilesWithin(device.tileLimits);
  return { choose: (_, gemm) => Promise.resolve(rankTiles(tiles, gemm)[0]), keep: () => Promise.resolve() };
}

/** Where measured tiles are kept from one process to the next. */
export interface TileStore {
  read(): Promise<ReadonlyMap<string, Tile>>;
  write(tiles: ReadonlyMap<string, Tile>): Promise<void>;
}

/** Times the most promising tiles of each layer on the device, once, and keeps what was fastest. */
export class MeasuredTiles implements TileChooser {
  #known: Promise<Map<string, Tile>> | undefined;
  /** Open while there is something to time. */
  #clock: Promise<DeviceClock> | undefined;

  constructor(readonly device: Device, readonly store: TileStore) {}

  async choose(key: string, gemm: GemmExtents, dispatchWith: (tile: Tile) => Dispatch): Promise<Tile> {
    this.#known ??= this.store.read().then((tiles) => new Map(tiles));
    const known = await this.#known;
    const tiles = tilesWithin(this.device.tileLimits);
    const stored = JSON.stringify(known.get(key));
    const found = tiles.find((tile) => JSON.stringify(tile) === stored);
    if (found) return found;
    const tried = rankTiles(tiles, gemm).slice(0, TRIED);
    const clock = await (this.#clock ??= openDeviceClock(this.device));
    let [best, least] = [tried[0], Infinity];
    for (const tile of tried) {
      const milliseconds = await timeDispatch(clock, dispatchWith(tile));
      if (milliseconds < least) [best, least] = [tile, milliseconds];
    }
    known.set(key, best);
    return best;
  }

  async keep(): Promise<void> {
    if (!this.#clock || !this.#known) return;
    const clock = await this.#clock;
    this.#clock = undefined;
    clock.close();
    await this.store.write(await this.#known);
  }
}
