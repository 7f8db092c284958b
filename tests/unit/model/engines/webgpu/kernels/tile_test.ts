import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import {
  kernelLoads,
  rankTiles,
  sourceLoads,
  squareOf,
  tileBytes,
  tileGroups,
  tileRows,
  tilesWithin,
  tileThreads,
} from "../../../../../../model/engines/webgpu/kernels/tile.ts";

const defaults = { workgroupBytes: 16384, threads: 256 };
const everything = tilesWithin({ workgroupBytes: Infinity, threads: Infinity });

Deno.test("tilesWithin() gives tiles whose loads are shared out evenly among the invocations", () => {
  for (const tile of everything) {
    assert(Number.isInteger(sourceLoads(tile)) && sourceLoads(tile) >= 1, JSON.stringify(tile));
    assert(Number.isInteger(kernelLoads(tile)) && kernelLoads(tile) >= 1, JSON.stringify(tile));
    assertEquals(tileThreads(tile) % tile.depthGroups, 0);
    const { rows, columns } = squareOf(tile);
    assertEquals([tile.rowThreads % rows, tile.columnThreads % columns], [0, 0]);
  }
});

Deno.test("tilesWithin() keeps to a device's limits, and WebGPU's defaults allow some", () => {
  const tiles = tilesWithin(defaults);
  assert(tiles.length > 0 && tiles.length < everything.length);
  for (const tile of tiles) {
    assert(tileBytes(tile) <= defaults.workgroupBytes);
    assert(tileThreads(tile) <= defaults.threads);
  }
});

Deno.test("rankTiles() gives every tile once, whatever the product", () => {
  const extents = fc.record({
    rows: fc.integer({ min: 1, max: 1e6 }),
    groups: fc.integer({ min: 1, max: 512 }),
    depthGroups: fc.integer({ min: 1, max: 1152 }),
  });
  fc.assert(fc.property(extents, (product) => {
    assertEquals(new Set(rankTiles(everything, product)), new Set(everything));
  }));
});

Deno.test("rankTiles() takes large tiles for large products, and small ones where few rows are to be had", () => {
  const [large] = rankTiles(everything, { rows: 100352, groups: 64, depthGroups: 16 });
  const [small] = rankTiles(everything, { rows: 49, groups: 512, depthGroups: 128 });
  assert(tileRows(large) * tileGroups(large) > tileRows(small) * tileGroups(small));
  assert(tileRows(small) <= 64);
});
