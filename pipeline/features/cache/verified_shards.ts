import { sha256, sha256OfFile } from "../../files/hashing.ts";
import type { CacheFolder } from "../../store/cache_folder.ts";
import type { OutputFile } from "../../store/manifest.ts";
import { openFeatureShard } from "../store/feature_shard.ts";
import { cutPointsOfShard } from "../store/shard_names.ts";
import type { CachedRows } from "./cached_rows.ts";

/**
 * Reads the shards that hold a run's rows, one after another, and notes that they are used. One that is not what was
 * written is removed, and its rows are missing then.
 * @param withCutPoints whether the files beside them belong to the run too
 * @returns the files with their hashes, for the run's manifest; `undefined` when one was damaged.
 */
export async function verifiedShards(
  rows: CachedRows,
  withCutPoints: boolean,
  cache: CacheFolder,
  signal: AbortSignal,
): Promise<OutputFile[] | undefined> {
  const { set } = rows;
  const files: OutputFile[] = [];
  let areWhole = true;
  for (const shard of rows.shards()) {
    signal.throwIfAborted();
    await cache.use(set.below, shard);
    const stamp = await set.stampOf(shard);
    const bytes = stamp && await set.read(shard);
    if (stamp && bytes && openFeatureShard(bytes)) {
      files.push({ file: shard, set: set.below, ...stamp, sha256: sha256(bytes) });
      const beside = cutPointsOfShard(shard);
      const stampBeside = withCutPoints ? await set.stampOf(beside) : undefined;
      if (stampBeside) {
        files.push({ file: beside, set: set.below, ...stampBeside, sha256: await sha256OfFile(set.path(beside)) });
      }
    } else {
      areWhole = false;
      rows.forget(shard);
      await set.remove(shard);
      await set.remove(cutPointsOfShard(shard));
    }
  }
  return areWhole ? files : undefined;
}
