import { join } from "@std/path";
import { z } from "zod";
import type { Tile } from "../kernels/tile.ts";
import type { TileStore } from "./tile_search.ts";

/** Raised when the kernels change so that earlier measurements say nothing about them. */
const VERSION = 1;

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

/**
 * Keeps the tiles measured on a device in the user's cache folder. They can be measured again at any time, so a file
 * that cannot be read counts as none, and one that cannot be written is done without.
 */
export function storedTiles(device: string): TileStore {
  const folder = cacheFolder();
  const path = folder && join(folder, "cats-vs-dogs", `webgpu-${device.replaceAll(/[^\w.-]+/g, "-")}.json`);
  return {
    async read() {
      if (path === undefined) return new Map();
      try {
        const stored = StoredTiles.parse(JSON.parse(await Deno.readTextFile(path)));
        return new Map(stored.device === device ? Object.entries(stored.tiles) : []);
      } catch {
        return new Map();
      }
    },
    async write(tiles: ReadonlyMap<string, Tile>) {
      if (path === undefined) return;
      const text = JSON.stringify({ version: VERSION, device, tiles: Object.fromEntries(tiles) });
      try {
        await Deno.mkdir(join(path, ".."), { recursive: true });
        const unfinished = `${path}.${crypto.randomUUID()}`;
        await Deno.writeTextFile(unfinished, text, { createNew: true });
        await Deno.rename(unfinished, path);
      } catch {
        // Measured again next time.
      }
    },
  };
}

/** Where programs keep what they can make again, by each system's custom. */
function cacheFolder(): string | undefined {
  const home = Deno.env.get("HOME");
  switch (Deno.build.os) {
    case "windows":
      return Deno.env.get("LOCALAPPDATA");
    case "darwin":
      return home && join(home, "Library", "Caches");
    default:
      return Deno.env.get("XDG_CACHE_HOME") ?? (home && join(home, ".cache"));
  }
}
