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

/** What any version of this program may have written; everything else is somebody's. */
const Ours = z.object({ version: z.number(), device: z.string(), tiles: z.record(z.string(), z.unknown()) });

/** More than the tiles of all layers take. */
const MAXIMUM_BYTES = 16 * 2 ** 20;

/** Beside the runs, where the program may write: what was measured on a device serves all of them. */
const CACHE_FOLDER = join("runs", ".cache");

/**
 * Keeps the tiles measured on a device in a folder. They can be measured again at any time, so a file that cannot be
 * read counts as none, and one that cannot be written is done without. Nothing is written over a file of anybody else's,
 * nor behind a link.
 */
export function storedTiles(device: string, folder = CACHE_FOLDER): TileStore {
  const path = join(folder, `webgpu-${device.replaceAll(/[^\w.-]+/g, "-")}.json`);
  return {
    async read() {
      try {
        const stored = StoredTiles.parse(await jsonIn(path));
        return new Map(stored.device === device ? Object.entries(stored.tiles) : []);
      } catch {
        return new Map();
      }
    },
    async write(tiles: ReadonlyMap<string, Tile>) {
      const text = JSON.stringify({ version: VERSION, device, tiles: Object.fromEntries(tiles) });
      try {
        if (!await mayWrite(folder, path)) return;
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

/** Whether a folder is none yet or one itself, and the file is none yet or one that this program wrote. */
async function mayWrite(folder: string, path: string): Promise<boolean> {
  if ((await infoOf(folder))?.isDirectory === false) return false;
  return await infoOf(path) === undefined || Ours.safeParse(await jsonIn(path)).success;
}

/** @throws Error when it is no file, longer than ours or no JSON. */
async function jsonIn(path: string): Promise<unknown> {
  const info = await infoOf(path);
  if (!info?.isFile || info.size > MAXIMUM_BYTES) throw new Error(`${path} is no file of tiles`);
  return JSON.parse(await Deno.readTextFile(path));
}

/** What stands at a path, links not followed; `undefined` where there is nothing. */
async function infoOf(path: string): Promise<Deno.FileInfo | undefined> {
  return await Deno.lstat(path).catch((thrown) => {
    if (thrown instanceof Deno.errors.NotFound) return undefined;
    throw thrown;
  });
}
