import { entryOf } from "../../../data/base/entry_of.ts";
import type { PhotoSet } from "../../runner/stage.ts";
import type { StageFolder } from "../../store/run_folder.ts";
import { readShardContents, type ShardContents } from "../store/feature_shard.ts";
import { cutPointsOfShard, writerOfShard } from "../store/shard_names.ts";
import type { StoredRows } from "../store/stored_rows.ts";

/** A row that is wanted, and what it has to have. */
export interface WantedRow {
  readonly key: string;
  /** Names of groups of features. */
  readonly groups: readonly string[];
  readonly cutPoints: boolean;
}

/** Where a row is. */
export interface RowPlace {
  readonly shard: string;
  readonly row: number;
}

/** Which shards are looked at. */
export interface RowsOptions {
  /** The name under which this process writes. */
  readonly writer: string;
  /** Whether what others have written counts. */
  readonly takesOthers: boolean;
}

/**
 * Of the rows in a set of the cache, those that are wanted. The set is its own index: shards are found by listing them,
 * and each is looked into once. As many keys are held as rows are wanted, however many there are.
 */
export class CachedRows {
  readonly #wanted: ReadonlyMap<string, WantedRow>;
  readonly #places = new Map<string, RowPlace & { readonly modified: number }>();
  readonly #seen = new Set<string>();

  constructor(readonly set: StageFolder, wanted: Iterable<WantedRow>, readonly options: RowsOptions) {
    this.#wanted = new Map([...wanted].map((row) => [row.key, row]));
  }

  has(key: string): boolean {
    return this.#places.has(key);
  }

  /** @throws RangeError for a row that is not there. */
  place(key: string): RowPlace {
    return entryOf(this.#places, key, "the row of a photo");
  }

  /** The shards that hold the rows, sorted. */
  shards(): string[] {
    return [...new Set([...this.#places.values()].map(({ shard }) => shard))].sort();
  }

  /** Takes in the shards that have been written since; at once, so that a row that is missing then is missing. */
  refresh(): void {
    for (const { name } of Deno.readDirSync(this.set.root)) {
      const writer = writerOfShard(name);
      if (writer === undefined || this.#seen.has(name)) continue;
      this.#seen.add(name);
      if (!this.options.takesOthers && writer !== this.options.writer) continue;
      const contents = readShardContents(this.set.path(name));
      if (contents) this.#take(name, contents);
    }
  }

  /** Gives up the rows of a shard that is not what was written. */
  forget(shard: string): void {
    for (const [key, place] of this.#places) if (place.shard === shard) this.#places.delete(key);
  }

  #take(shard: string, contents: ShardContents): void {
    const groups = new Set(contents.groups.map(({ name }) => name));
    const hasCutPoints = Object.keys(contents.cutPoints).length > 0 && isFile(this.set.path(cutPointsOfShard(shard)));
    const modified = Deno.statSync(this.set.path(shard)).mtime?.getTime() ?? 0;
    for (const [row, key] of contents.keys.entries()) {
      const wanted = this.#wanted.get(key);
      if (!wanted || (wanted.cutPoints && !hasCutPoints) || !wanted.groups.every((name) => groups.has(name))) continue;
      // Of two, the one that was made last: somebody did not believe the other.
      if ((this.#places.get(key)?.modified ?? -Infinity) < modified) this.#places.set(key, { shard, row, modified });
    }
  }
}

/**
 * Where photos' rows are, for whoever reads them.
 * @throws RangeError for a photo whose row is not there.
 */
export function storedRows(
  photos: Iterable<{ readonly set: PhotoSet; readonly id: string; readonly key: string }>,
  rows: CachedRows,
): StoredRows {
  const shards = rows.shards();
  const numbers = new Map(shards.map((shard, number) => [shard, number]));
  const stored: StoredRows = { shards, train: {}, test: {} };
  for (const { set, id, key } of photos) {
    const { shard, row } = rows.place(key);
    stored[set][id] = [entryOf(numbers, shard, "a shard"), row];
  }
  return stored;
}

function isFile(path: string): boolean {
  try {
    return Deno.lstatSync(path).isFile;
  } catch {
    return false;
  }
}
