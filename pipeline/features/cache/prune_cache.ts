import type { KeptSet, KeptShard } from "./cache_contents.ts";
import type { CacheFolder } from "../../store/cache_folder.ts";
import { RANGES_SET } from "../precision/shared_ranges.ts";
import { rangesMadeFor } from "../precision/backbone_ranges.ts";
import { cutPointsOfShard } from "../store/shard_names.ts";

/** Which shards are to go: those that any of these says. */
export interface PruneRules {
  /** Not used since then, in milliseconds since 1970. */
  readonly usedBefore?: number;
  /** So many bytes may stay: those go first that were used longest ago. */
  readonly keepBytes?: number;
  /** The beginning of the hash of weights: all that was made by them. */
  readonly weights?: string;
}

/** What is to go, or has gone. */
export interface Pruned {
  readonly shards: readonly KeptShard[];
  /** Names of the sets that a process is using; of those nothing goes. */
  readonly inUse: readonly string[];
}

/** The shards that rules say are to go, those that were used longest ago first. */
export function shardsToPrune(sets: readonly KeptSet[], rules: PruneRules): KeptShard[] {
  const { usedBefore = -Infinity, keepBytes = Infinity, weights } = rules;
  const ofWeights = new Set(
    sets.filter(({ made }) => weights !== undefined && made?.weights.startsWith(weights)).map(({ name }) => name),
  );
  const shards = sets.flatMap(({ shards }) => shards).sort((a, b) => a.used - b.used || (a.name < b.name ? -1 : 1));
  const goes = new Set(shards.filter(({ set, used }) => used < usedBefore || ofWeights.has(set)));
  let left = shards.filter((shard) => !goes.has(shard)).reduce((sum, { bytes }) => sum + bytes, 0);
  for (const shard of shards) {
    if (left <= keepBytes) break;
    if (goes.has(shard)) continue;
    goes.add(shard);
    left -= shard.bytes;
  }
  return shards.filter((shard) => goes.has(shard));
}

/**
 * Removes shards, and what nothing is left of: sets without shards, ranges of weights that were named, what killed
 * processes began to write. A set that a living process uses stays as it is, and so does whatever is not the cache's own.
 * @param dryRun whether nothing is removed, and it is only told what would be
 */
export async function pruneCache(
  cache: CacheFolder,
  sets: readonly KeptSet[],
  rules: PruneRules,
  dryRun: boolean,
): Promise<Pruned> {
  const going = Map.groupBy(shardsToPrune(sets, rules), ({ set }) => set);
  const gone: KeptShard[] = [];
  const inUse: string[] = [];
  for (const { name, shards } of sets) {
    const some = going.get(name) ?? [];
    const isEmptied = some.length === shards.length;
    if (some.length === 0 && !isEmptied) continue;
    using held = await cache.holdAlone(name);
    if (held === undefined) {
      if (some.length > 0) inUse.push(name);
      continue;
    }
    gone.push(...some);
    if (dryRun) continue;
    const files = some.flatMap((shard) => [shard.name, cutPointsOfShard(shard.name)]).map((file) => `${name}/${file}`);
    await cache.owned.removeUnfinished(name);
    await cache.owned.remove(...isEmptied ? await ownFilesOf(cache, name) : files);
    if (!isEmptied) continue;
    await cache.owned.removeEmpty(`${name}/claims`);
    await cache.owned.removeEmpty(name);
  }
  if (!dryRun && rules.weights !== undefined) await removeRanges(cache, rules.weights);
  return { shards: gone, inUse };
}

async function ownFilesOf(cache: CacheFolder, set: string): Promise<string[]> {
  return (await cache.owned.paths()).filter((path) => path.startsWith(`${set}/`));
}

async function removeRanges(cache: CacheFolder, weights: string): Promise<void> {
  const folder = cache.set(RANGES_SET);
  for (const file of await folder.list()) {
    const madeFor = rangesMadeFor(await folder.readText(file));
    if (madeFor?.split(" ").at(1)?.startsWith(weights)) await folder.remove(file);
  }
}
