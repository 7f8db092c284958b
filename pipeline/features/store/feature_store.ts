import { z } from "zod";
import { sizeOf, type Tensor } from "../../../model/tensor.ts";
import { FeatureGroup } from "../../../model/linear/feature_group.ts";
import { widthOf } from "../../../model/linear/width_of.ts";
import type { PhotoSet } from "../../runner/stage.ts";
import type { ReadableFolder } from "../../store/run_folder.ts";
import type { CutPointRows } from "./cut_point_rows.ts";
import { namedGroups, selectGroups } from "./feature_groups.ts";
import { type FeatureShard, openFeatureShard } from "./feature_shard.ts";
import { cutPointsOfShard } from "./shard_names.ts";
import { type Place, readStoredRows, type StoredRows } from "./stored_rows.ts";

/** What there is of photos' features; the output of `transform`. Where the rows are is another file's to tell. */
export const FeatureIndex = z.object({
  /** The features that a labelled photo has, group after group: first both backbones' last ones, then earlier ones. */
  groups: z.array(FeatureGroup).min(1),
  /** Whether the activations at the backbones' cut points are stored too. */
  cutPoints: z.boolean(),
  /** One hash for the photos to learn from and all that their rows were made from. */
  trainKeys: z.string(),
  /** The same for those to predict. */
  testKeys: z.string(),
});
export type FeatureIndex = z.infer<typeof FeatureIndex>;

/** Of an index, what stages read that depend on the photos to learn from alone. */
export const TrainFeatureIndex = FeatureIndex.omit({ testKeys: true });

/** Of an index, what it takes to read rows. */
export type RowKinds = Pick<FeatureIndex, "groups" | "cutPoints">;

/** What the backbones make of a few photos. */
export interface ExtractedFeatures {
  /** `[photos, width]`. */
  readonly features: Tensor;
  /** By backbone's prefix, `[photos, channels, height, width]`. */
  readonly cutPoints: ReadonlyMap<string, Tensor>;
}

/** Reads rows out of the shards. */
export class FeatureReader {
  #rows?: Promise<StoredRows>;
  /** Where the rows of the cut points are, of the shards that were asked for. */
  readonly #cutPointRows = new Map<string, CutPointRows>();

  /** @param folder what `transform` left */
  constructor(readonly folder: ReadableFolder, readonly index: RowKinds) {}

  /** The photos of a set that have a row, shard after shard and row after row. */
  async byShard(set: PhotoSet): Promise<string[][]> {
    const rows = await this.#stored();
    const places = Object.entries(rows[set]).sort(([, [a, row]], [, [b, other]]) => a - b || row - other);
    return [...Map.groupBy(places, ([, [shard]]) => shard).values()].map((some) => some.map(([id]) => id));
  }

  async has(set: PhotoSet, id: string): Promise<boolean> {
    return Object.hasOwn((await this.#stored())[set], id);
  }

  /**
   * The features of photos, `[ids.length, width]`.
   * @throws DamagedFile when a shard is not what was written.
   * @param names the groups that are wanted, side by side in this order; all of them when not given.
   */
  async features(set: PhotoSet, ids: readonly string[], names?: readonly string[]): Promise<Tensor> {
    const { groups } = this.index;
    const wanted = names ?? groups.map(({ name }) => name);
    const width = widthOf(namedGroups(groups, wanted));
    const data = new Float32Array(ids.length * width);
    const { shards, ...places } = await this.#stored();
    const byShard = new Map<number, { at: number; row: number }[]>();
    ids.forEach((id, at) => {
      const [shard, row] = placeOf(places, set, id);
      const some = byShard.get(shard);
      if (some) some.push({ at, row });
      else byShard.set(shard, [{ at, row }]);
    });
    for (const [shard, some] of byShard) {
      const { features, groups } = await this.#shard(shards[shard]);
      const selected = selectGroups(features, groups, wanted);
      for (const { at, row } of some) data.set(selected.data.subarray(row * width, (row + 1) * width), at * width);
    }
    return { shape: [ids.length, width], data };
  }

  /**
   * The activations of photos at cut points, one tensor `[ids.length, channels, height, width]` a prefix.
   * @throws DamagedFile when a row, or the shard that tells where it is, is not what was written.
   */
  async cutPoints(set: PhotoSet, ids: readonly string[], prefixes: readonly string[]): Promise<Tensor[]> {
    const { shards, ...stored } = await this.#stored();
    const places = ids.map((id) => placeOf(stored, set, id));
    const tensors: Tensor[] = [];
    for (const prefix of prefixes) {
      const { shape } = await this.#rowsOf(shards[places[0][0]], prefix);
      const size = sizeOf(shape);
      const data = new Float32Array(ids.length * size);
      for (const [at, [shard, row]] of places.entries()) {
        data.set(await this.#row(shards[shard], row, prefix), at * size);
      }
      tensors.push({ shape: [ids.length, ...shape], data });
    }
    return tensors;
  }

  async #stored(): Promise<StoredRows> {
    this.#rows ??= readStoredRows(this.folder);
    return await this.#rows;
  }

  async #shard(shard: string): Promise<FeatureShard> {
    const opened = openFeatureShard(await this.folder.read(shard));
    if (opened) return opened;
    throw this.folder.damaged(shard);
  }

  async #rowsOf(shard: string, prefix: string): Promise<CutPointRows[string]> {
    const rows = this.#cutPointRows.get(shard) ?? (await this.#shard(shard)).cutPoints;
    this.#cutPointRows.set(shard, rows);
    if (Object.hasOwn(rows, prefix)) return rows[prefix];
    throw new RangeError(`Cannot read ${cutPointsOfShard(shard)}: expected an array named ${prefix}, got none`);
  }

  async #row(shard: string, row: number, prefix: string): Promise<Float16Array> {
    const { start, shape, crc32 } = await this.#rowsOf(shard, prefix);
    const bytes = sizeOf(shape) * Float16Array.BYTES_PER_ELEMENT;
    const part = { start: start + row * bytes, bytes, crc32: crc32[row] };
    return new Float16Array((await this.folder.readPart(cutPointsOfShard(shard), part)).buffer);
  }
}

function placeOf(places: Omit<StoredRows, "shards">, set: PhotoSet, id: string): Place {
  const place = places[set][id];
  if (!place) throw new RangeError(`Cannot read features: expected a transformed photo, got ${id} of the ${set} set`);
  return place;
}
