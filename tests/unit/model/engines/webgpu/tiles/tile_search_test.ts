import { assert, assertEquals } from "@std/assert";
import { rankTiles, type Tile, tilesWithin } from "../../../../../../model/engines/webgpu/kernels/tile.ts";
import {
  searchTiles,
  type TiledLayer,
  type TileTrials,
} from "../../../../../../model/engines/webgpu/tiles/tile_search.ts";

const TILES = tilesWithin({ workgroupBytes: 32768, threads: 1024 });
const BUDGET = 3000;
/** Deno looks for finished work so often, in milliseconds. */
const POLL = 11;

/** As many kinds of layers as both backbones have, of very different work. */
const LAYERS: readonly TiledLayer[] = Array.from({ length: 67 }, (_, k) => ({
  key: `layer ${k}`,
  gemm: { rows: 32 * 49 * (1 + k % 16) ** 2, groups: 8 * (1 + k % 9), depthGroups: 16 * (1 + k % 5) },
}));

interface FakeTrial {
  readonly key: string;
  readonly tile: Tile;
}

/** A device on a clock of its own. */
class FakeDevice implements TileTrials<TiledLayer, FakeTrial> {
  readonly prepared: FakeTrial[] = [];
  submits = 0;
  passes = 0;
  #milliseconds = 0;

  constructor(
    readonly costs: { readonly compile: number; pass(trial: FakeTrial): number },
    readonly refuses: (trial: FakeTrial) => boolean = () => false,
  ) {}

  prepare = ({ key }: TiledLayer, tile: Tile): Promise<FakeTrial | undefined> => {
    this.#milliseconds += this.costs.compile;
    const trial = { key, tile };
    this.prepared.push(trial);
    return Promise.resolve(this.refuses(trial) ? undefined : trial);
  };

  time = (passes: readonly { readonly trial: FakeTrial; readonly repeats: number }[]): Promise<number[]> => {
    this.submits++;
    this.passes += passes.length;
    const times = passes.map(({ trial, repeats }) => repeats * this.costs.pass(trial));
    this.#milliseconds += POLL + times.reduce((sum, time) => sum + (time < Infinity ? time : 0), 0);
    return Promise.resolve(times);
  };

  now = (): number => this.#milliseconds;
}

function candidates({ gemm }: TiledLayer): Tile[] {
  return rankTiles(TILES, gemm).slice(0, 4);
}

/** Of its candidates a layer's last is the fastest. */
function lastIsFastest({ key, tile }: FakeTrial): number {
  const layer = LAYERS.find((layer) => layer.key === key);
  const place = layer ? candidates(layer).indexOf(tile) : -1;
  return place < 0 ? Infinity : 0.2 - 0.01 * place;
}

Deno.test("searchTiles() tries four tiles of each kind of layer, many in a submit, and takes the fastest", async () => {
  const device = new FakeDevice({ compile: 3, pass: lastIsFastest });
  // Most layers come several times.
  const found = await searchTiles([...LAYERS, ...LAYERS], TILES, device, BUDGET);
  assertEquals(found.size, LAYERS.length);
  for (const layer of LAYERS) assertEquals(found.get(layer.key), candidates(layer)[3]);
  assertEquals(device.prepared.length, 4 * LAYERS.length);
  assertEquals(new Set(device.prepared.map(({ key, tile }) => key + JSON.stringify(tile))).size, 4 * LAYERS.length);
  assert(device.submits <= 20, `${device.submits} submits`);
  assert(device.now() < BUDGET);
});

for (const [what, compile, pass] of [["slow driver", 40, 0.2], ["slow card", 5, 40], ["fast one", 1, 0.02]] as const) {
  Deno.test(`searchTiles() ends with its time on a ${what}, having seen to the layers with the most work`, async () => {
    const device = new FakeDevice({ compile, pass: () => pass });
    const found = await searchTiles(LAYERS, TILES, device, BUDGET);
    assert(device.now() <= 1.1 * BUDGET, `${device.now()} ms`);
    const work = ({ gemm }: TiledLayer) => gemm.rows * gemm.groups * gemm.depthGroups;
    const byWork = LAYERS.toSorted((a, b) => work(b) - work(a)).slice(0, found.size);
    assertEquals(new Set(found.keys()), new Set(byWork.map(({ key }) => key)));
    assert(found.size > 0);
    // It does not stop long before.
    assert(found.size === LAYERS.length || device.now() > 0.7 * BUDGET);
  });
}

Deno.test("searchTiles() goes on without tiles that do not compile or run, and without layers that have no others", async () => {
  const [lacking, ...others] = LAYERS.slice(0, 3);
  const refused = (trial: FakeTrial) => trial.tile === candidates(others[0])[3] || trial.key === lacking.key;
  const notCompiled = await searchTiles(
    LAYERS.slice(0, 3),
    TILES,
    new FakeDevice({ compile: 3, pass: lastIsFastest }, refused),
    BUDGET,
  );
  const notRun = await searchTiles(
    LAYERS.slice(0, 3),
    TILES,
    new FakeDevice({ compile: 3, pass: (trial) => (refused(trial) ? Infinity : lastIsFastest(trial)) }),
    BUDGET,
  );
  for (const found of [notCompiled, notRun]) {
    assertEquals([...found.keys()].sort(), others.map(({ key }) => key).sort());
    assertEquals(found.get(others[0].key), candidates(others[0])[2]);
  }
});
