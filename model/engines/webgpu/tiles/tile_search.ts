import { type GemmExtents, rankTiles, type Tile } from "../kernels/tile.ts";

/** Tiles that are tried for each kind of layer: the most promising ones. */
const TRIED = 4;
/** Rounds of a trial that is short: the least counts, since whatever else happens only adds. */
const ROUNDS = 3;
/** What takes this many milliseconds is told well by one pass; shorter ones are repeated for about half of it. */
const LONG_MILLISECONDS = 2;
const MOST_REPEATS = 16;
/** Beyond so many times the best one's first pass, a tile is not looked at again. */
const HOPELESS = 1.5;
/** The most kinds of layers that are compiled and timed together. */
const MOST_TOGETHER = 16;

/** A kind of layer that wants a tile. */
export interface TiledLayer {
  /** What its time depends on; layers with the same key get the same tile. */
  readonly key: string;
  readonly gemm: GemmExtents;
}

/** How tiles are tried on a device. */
export interface TileTrials<Layer extends TiledLayer, Trial> {
  /** Compiles a layer with a tile; `undefined` where the device refuses it. */
  prepare(layer: Layer, tile: Tile): Promise<Trial | undefined>;
  /** The milliseconds of passes that each do a trial so many times; Infinity for what the device refuses. */
  time(passes: readonly { readonly trial: Trial; readonly repeats: number }[]): Promise<number[]>;
  /** A clock that never goes back, in milliseconds. */
  now(): number;
}

interface Contestant<Trial> {
  readonly key: string;
  readonly tile: Tile;
  readonly trial: Trial;
  milliseconds: number;
}

/**
 * The fastest of the most promising tiles of each kind of layer. Layers with the most work come first, and several are
 * timed together, as many as are done soon: waiting for a submit takes longer than most of what is timed.
 * @param milliseconds the time that all of it may take
 * @returns tiles by key, of the layers for which there was time, and of which the device takes a tile
 */
export async function searchTiles<Layer extends TiledLayer, Trial>(
  layers: readonly Layer[],
  tiles: readonly Tile[],
  trials: TileTrials<Layer, Trial>,
  milliseconds: number,
): Promise<Map<string, Tile>> {
  const end = trials.now() + milliseconds;
  const pending = [...new Map(layers.map((layer) => [layer.key, layer])).values()]
    .toSorted((a, b) => workOf(b) - workOf(a));
  const found = new Map<string, Tile>();
  let together = 1;
  while (pending.length > 0 && together > 0) {
    const started = trials.now();
    const some = pending.splice(0, together);
    for (const [key, tile] of await fastestOf(some, tiles, trials)) found.set(key, tile);
    const now = trials.now();
    // Twice as many, as long as these would still be done in time if they took as long as the last ones.
    const each = (now - started) / some.length;
    together = Math.min(2 * together, MOST_TOGETHER, Math.floor((end - now) / Math.max(each, Number.EPSILON)));
  }
  return found;
}

function workOf({ gemm: { rows, groups, depthGroups } }: TiledLayer): number {
  return rows * groups * depthGroups;
}

/** The fastest tile of each of some layers, all of them timed in two submits. */
async function fastestOf<Layer extends TiledLayer, Trial>(
  layers: readonly Layer[],
  tiles: readonly Tile[],
  { prepare, time }: TileTrials<Layer, Trial>,
): Promise<Map<string, Tile>> {
  const contestants: Contestant<Trial>[] = [];
  for (const layer of layers) {
    for (const tile of rankTiles(tiles, layer.gemm).slice(0, TRIED)) {
      const trial = await prepare(layer, tile);
      if (trial !== undefined) contestants.push({ key: layer.key, tile, trial, milliseconds: Infinity });
    }
  }
  const once = contestants.map((contestant) => ({ contestant, repeats: 1 }));
  // The first round warms up.
  await timeRounds([...once, ...once], time, (k) => k >= once.length);
  const least = bestOf(contestants);
  const close = contestants.filter(({ key, milliseconds }) => {
    const best = least.get(key)?.milliseconds ?? Infinity;
    return best < LONG_MILLISECONDS && milliseconds <= HOPELESS * best;
  }).map((contestant) => {
    const repeats = Math.round(LONG_MILLISECONDS / 2 / contestant.milliseconds);
    return { contestant, repeats: Math.max(1, Math.min(MOST_REPEATS, repeats)) };
  });
  for (const { contestant } of close) contestant.milliseconds = Infinity;
  await timeRounds(Array(ROUNDS).fill(close).flat(), time, () => true);
  const fastest = [...bestOf(contestants)].filter(([, { milliseconds }]) => milliseconds < Infinity);
  return new Map(fastest.map(([key, { tile }]) => [key, tile]));
}

interface Pass<Trial> {
  readonly contestant: Contestant<Trial>;
  readonly repeats: number;
}

/** Times passes in one submit, of which those that count may lower a contestant's time. */
async function timeRounds<Trial>(
  passes: readonly Pass<Trial>[],
  time: TileTrials<TiledLayer, Trial>["time"],
  counts: (pass: number) => boolean,
): Promise<void> {
  if (passes.length === 0) return;
  const times = await time(passes.map(({ contestant: { trial }, repeats }) => ({ trial, repeats })));
  for (const [k, { contestant, repeats }] of passes.entries()) {
    if (counts(k)) contestant.milliseconds = Math.min(contestant.milliseconds, times[k] / repeats);
  }
}

function bestOf<Trial>(contestants: readonly Contestant<Trial>[]): Map<string, Contestant<Trial>> {
  const best = new Map<string, Contestant<Trial>>();
  for (const contestant of contestants) {
    const { milliseconds = Infinity } = best.get(contestant.key) ?? {};
    if (contestant.milliseconds < milliseconds) best.set(contestant.key, contestant);
  }
  return best;
}
