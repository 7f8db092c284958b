/**
 * What it costs to find rows in the cache, by made-up rows and no networks:
 * `deno run -A tests/bench/cache_rows.ts ROWS [FEATURES] [FOLDER]`. One size a process, so that its peak memory is its own.
 */
import process from "node:process";
import { join } from "@std/path";
import { CachedRows, storedRows } from "../../pipeline/features/cache/cached_rows.ts";
import { rowKey } from "../../pipeline/features/cache/feature_set.ts";
import { ShardWriter } from "../../pipeline/features/cache/shard_writer.ts";
import { verifiedShards } from "../../pipeline/features/cache/verified_shards.ts";
import { newWriter, SHARD_PHOTOS } from "../../pipeline/features/store/shard_names.ts";
import { stopwatch } from "../../pipeline/files/stopwatch.ts";
import { CacheFolder } from "../../pipeline/store/cache_folder.ts";

const SET = "made-up";

/** Fills a cache. */
async function fill(cache: CacheFolder, count: number, width: number): Promise<void> {
  const groups = [{ name: "made.up", width }];
  const writer = new ShardWriter(await cache.begin(SET, "made up"), newWriter(), groups);
  const data = Float32Array.from({ length: SHARD_PHOTOS * width }, Math.random);
  for (let first = 0; first < count; first += SHARD_PHOTOS) {
    const rows = Math.min(SHARD_PHOTOS, count - first);
    const features = { shape: [rows, width], data: data.subarray(0, rows * width) };
    await writer.add(wantedRows(first, rows), { features, cutPoints: new Map() });
  }
  await writer.finish();
}

function wantedRows(first: number, count: number) {
  return Array.from({ length: count }, (_, k) => ({
    set: "train" as const,
    id: `cat.${first + k}.jpg`,
    key: rowKey(SET, `photo ${first + k}`, ""),
    groups: ["made.up"],
    cutPoints: false,
  }));
}

const megabytes = () => Math.round(process.memoryUsage().rss / 1e6);

async function measure(count: number, width: number, root: string): Promise<void> {
  const tell = (what: string, seconds: number) =>
    console.log(`${count} rows of ${width} features: ${what} ${seconds.toFixed(1)} s, ${megabytes()} MB in memory`);
  const filling = stopwatch();
  using cleared = new DisposableStack();
  const cache = new CacheFolder(root);
  cleared.defer(() => cache.close());
  await fill(cache, count, width);
  tell("written in", filling());
  const wanting = stopwatch();
  const wanted = wantedRows(0, count);
  const rows = new CachedRows(cache.set(SET), wanted, { writer: "none", takesOthers: true });
  tell("keys of photos in", wanting());
  const listing = stopwatch();
  rows.refresh();
  tell("listed in", listing());
  const again = stopwatch();
  rows.refresh();
  tell("listed again in", again());
  const hashing = stopwatch();
  const files = await verifiedShards(rows, false, cache, new AbortController().signal);
  tell(`${files?.length} files hashed and checked in`, hashing());
  const merging = stopwatch();
  const text = JSON.stringify(storedRows(wanted, rows));
  tell(`places of all (${(text.length / 1e6).toFixed(1)} MB) in`, merging());
}

const [count = "37500", width = "64", folder] = Deno.args;
const parent = await Deno.makeTempDir({ dir: folder, prefix: "cache-rows-" });
try {
  await measure(Number(count), Number(width), join(parent, "cache"));
} finally {
  await Deno.remove(parent, { recursive: true });
}
