import type { CacheFolder } from "../../store/cache_folder.ts";
import { SET_FILE } from "../../store/cache_folder.ts";
import { readTextIfThere } from "../../files/text_file.ts";
import { readShardContents } from "../store/feature_shard.ts";
import { cutPointsOfShard, writerOfShard } from "../store/shard_names.ts";
import { FeatureSet } from "./feature_set.ts";

/** A shard with the file beside it, and what its files say of themselves. */
export interface KeptShard {
  /** The set that it is in. */
  readonly set: string;
  readonly name: string;
  /** Rows that it holds; 0 where it is damaged. */
  readonly rows: number;
  readonly bytes: number;
  /** When a run has last read it, or when it was written, in milliseconds since 1970. */
  readonly used: number;
}

/** A set of the cache. */
export interface KeptSet {
  readonly name: string;
  /** What its rows were made by; `undefined` where that cannot be read, or another version of this program tells of it. */
  readonly made: FeatureSet | undefined;
  readonly shards: readonly KeptShard[];
}

/** What a cache holds, of its own files alone. Of each shard the beginning is read. */
export async function cacheContents(cache: CacheFolder): Promise<KeptSet[]> {
  const own = new Map<string, string[]>();
  for (const path of await cache.owned.paths()) {
    const [set, file, ...deeper] = path.split("/");
    if (file === undefined || deeper.length > 0) continue;
    own.set(set, [...own.get(set) ?? [], file]);
  }
  const sets: KeptSet[] = [];
  for (const [name, files] of own) {
    if (!files.includes(SET_FILE)) continue;
    const shards: KeptShard[] = [];
    for (const file of files.toSorted()) {
      if (writerOfShard(file) === undefined) continue;
      const shard = await keptShard(cache, name, file);
      if (shard) shards.push(shard);
    }
    sets.push({ name, made: await madeBy(cache, name), shards });
  }
  return sets.sort((a, b) => (a.name < b.name ? -1 : 1));
}

async function keptShard(cache: CacheFolder, set: string, name: string): Promise<KeptShard | undefined> {
  const folder = cache.set(set);
  const found = await Deno.lstat(folder.path(name)).catch(() => undefined);
  const beside = await Deno.lstat(folder.path(cutPointsOfShard(name))).catch(() => undefined);
  // One whose features were not written yet, or are gone, holds nothing for anybody.
  if (!found?.isFile && !beside?.isFile) return undefined;
  const rows = readShardContents(folder.path(name))?.keys.length ?? 0;
  const times = [found, beside].flatMap((file) => [file?.atime, file?.mtime]).map((time) => time?.getTime() ?? 0);
  return { set, name, rows, bytes: (found?.size ?? 0) + (beside?.size ?? 0), used: Math.max(...times) };
}

async function madeBy(cache: CacheFolder, set: string): Promise<FeatureSet | undefined> {
  const text = await readTextIfThere(cache.set(set).path(SET_FILE));
  try {
    return FeatureSet.parse(JSON.parse(text ?? ""));
  } catch {
    return undefined;
  }
}
