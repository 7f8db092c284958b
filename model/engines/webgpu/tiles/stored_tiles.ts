import { join } from "@std/path";
import { z } from "zod";
import type { Tile } from "../kernels/tile.ts";
import type { TileStore } from "./tile_chooser.ts";

/** Raised when the kernels change so that earlier measurements say nothing about them. */
const VERSION = 2;

const count = z.number().int().positive();
const StoredTiles = z.strictObject({
  version: z.literal(VERSION),
  device: z.string(),
  tiles: z.record(
    z.string(),
    z.strictObject({
      rowThreads: count,
      columnThreads: count,
      rowsEach: count,
      groupsEach: count,
      depthGroups: count,
    }),
  ),
});

/** Beside the runs, where the program may write: what was measured on a device serves all of them. */
const CACHE_FOLDER = join("runs", ".cache");

/**
 * Keeps the tiles measured on a device in a folder. They can be measured again at any time, so a file that cannot be
 * read counts as none, and one that cannot be written is done without.
 */
export function storedTiles(device: string, folder = CACHE_FOLDER): TileStore {
  const path = join(folder, `webgpu-${device.replaceAll(/[^\w.-]+/g, "-")}.json`);
  return {
    async read() {
      try {
        const stored = StoredTiles.parse(JSON.parse(await Deno.readTextFile(path)));
        return new Map(stored.device === device ? Object.entries(stored.tiles) : []);
      } catch {
        return new Map();
      }
    },
    async write(tiles: ReadonlyMap<string, Tile>) {
      const text = JSON.stringify({ version: VERSION, device, tiles: Object.fromEntries(tiles) });
      try {
        await Deno.mkdir(folder, { recursive: true });
        const unfinished = `${path}.${crypto.randomUUID()}`;
        await Deno.writeTextFile(unfinished, text, { createNew: true });
        await Deno.rename(unfinished, path);
      } catch {
        // Measured again next time.
      }
    },
  };
}
