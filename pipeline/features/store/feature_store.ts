import { z } from "zod";
import { sizeOf, type Tensor } from "../../../model/tensor.ts";
import { FeatureGroup } from "../../../model/linear/feature_group.ts";
import { widthOf } from "../../../model/linear/width_of.ts";
import type { ReadableFolder, StageFolder } from "../../store/run_folder.ts";
import { type CutPointRows, cutPointShard } from "./cut_point_rows.ts";
import { namedGroups, selectGroups } from "./feature_groups.ts";
import { type FeatureShard, openFeatureShard, sealedFeatureShard } from "./feature_shard.ts";

/** Photos in one shard: as many as a killed run loses at most. */
export const SHARD_PHOTOS = 64;

/** Where a photo's row is: its shard's number and the row within it. */
const Place = z.tuple([z.number().int().nonnegative(), z.number().int().nonnegative()]);

/** Which photo's features are where; the output of `transform`. */
export const FeatureIndex = z.object({
  /** The features a photo has, group after group: first both backbones' last ones, then earlier ones. */
  groups: z.array(FeatureGroup).min(1),
  /** Whether the activations at the backbones' cut points are stored too. */
  cutPoints: z.boolean(),
  train: z.record(z.string(), Place),
  test: z.record(z.string(), Place),
  /** One hash for all that the rows of a set were made from: at the same places there may come to be others. */
  trainRows: z.string(),
  testRows: z.string(),
});
export type FeatureIndex = z.infer<typeof FeatureIndex>;

/** Of an index, what it takes to find rows. */
export type RowPlaces = Omit<FeatureIndex, "trainRows" | "testRows">;

/** Of an index, what stages read that depend on the photos to learn from alone. */
export const TrainFeatureIndex = FeatureIndex.omit({ test: true, testRows: true })
  .transform((index) => ({ ...index, test: {} }));

const featuresFile = (shard: number) => `features-${String(shard).padStart(5, "0")}.safetensors`;
const cutPointsFile = (shard: number) => `cut_points-${String(shard).padStart(5, "0")}.safetensors`;

/** Whether a file is one of a shard. */
export function isShard(file: string): boolean {
  return /^[a-z_]+-\d+\.safetensors$/.test(file);
}

/** What the backbones make of a few photos. */
export interface ExtractedFeatures {
  /** `[photos, width]`. */
  readonly features: Tensor;
  /** By backbone's prefix, `[photos, channels, height, width]`. */
  readonly cutPoints: ReadonlyMap<string, Tensor>;
}

/**
 * Writes one shard: the features in float32, the activations at cut points (when given) in float16. The features come last,
 * so that a shard whose features are there is whole.
 * @param keys one a photo: what identifies the photo's content and everything that made its features
 */
export async function writeShard(
  folder: StageFolder,
  shard: number,
  keys: readonly string[],
  { features, cutPoints }: ExtractedFeatures,
): Promise<void> {
  const { file, rows } = cutPointShard(cutPoints);
  if (cutPoints.size > 0) await folder.write(cutPointsFile(shard), file);
  await folder.write(featuresFile(shard), sealedFeatureShard(keys, features, rows));
}

/**
 * The keys of each whole shard in a folder, by the shard's number; shards without cut points count only if allowed, and
 * damaged ones not at all.
 */
export async function readShardKeys(folder: StageFolder, withCutPoints: boolean): Promise<Map<number, string[]>> {
  const shards = new Map<number, string[]>();
  for (const name of await folder.list()) {
    const shard = Number(/^features-(\d+)\.safetensors$/.exec(name)?.[1] ?? NaN);
    if (Number.isNaN(shard) || (withCutPoints && !await folder.has(cutPointsFile(shard)))) continue;
    const opened = openFeatureShard(await folder.read(name));
    if (opened) shards.set(shard, [...opened.keys]);
  }
  return shards;
}

/** Removes what is no shard among those to keep. */
export async function removeOtherShards(folder: StageFolder, keep: ReadonlySet<number>, cutPoints: boolean) {
  const wanted = new Set([...keep].flatMap((n) => cutPoints ? [featuresFile(n), cutPointsFile(n)] : [featuresFile(n)]));
  for (const name of await folder.list()) {
    if (isShard(name) && !wanted.has(name)) await folder.remove(name);
  }
}

/** Reads rows out of the shards. */
export class FeatureReader {
  /** Where the rows of the cut points are, of the shards that were asked for. */
  readonly #cutPointRows = new Map<number, CutPointRows>();

  constructor(readonly folder: ReadableFolder, readonly index: RowPlaces) {}

  /**
   * The features of photos, `[ids.length, width]`.
   * @throws DamagedFile when a shard is not what was written.
   * @param names the groups that are wanted, side by side in this order; all of them when not given.
   */
  async features(set: "train" | "test", ids: readonly string[], names?: readonly string[]): Promise<Tensor> {
    const { groups } = this.index;
    const wanted = names ?? groups.map(({ name }) => name);
    const width = widthOf(namedGroups(groups, wanted));
    const data = new Float32Array(ids.length * width);
    const byShard = new Map<number, { at: number; row: number }[]>();
    ids.forEach((id, at) => {
      const [shard, row] = this.#place(set, id);
      byShard.set(shard, [...(byShard.get(shard) ?? []), { at, row }]);
    });
    for (const [shard, places] of byShard) {
      const selected = selectGroups((await this.#shard(shard)).features, groups, wanted);
      for (const { at, row } of places) data.set(selected.data.subarray(row * width, (row + 1) * width), at * width);
    }
    return { shape: [ids.length, width], data };
  }

  /**
   * The activations of photos at cut points, one tensor `[ids.length, channels, height, width]` a prefix.
   * @throws DamagedFile when a row, or the shard that tells where it is, is not what was written.
   */
  async cutPoints(set: "train" | "test", ids: readonly string[], prefixes: readonly string[]): Promise<Tensor[]> {
    const places = ids.map((id) => this.#place(set, id));
    const tensors: Tensor[] = [];
    for (const prefix of prefixes) {
      const { shape } = await this.#rowsOf(places[0][0], prefix);
      const size = sizeOf(shape);
      const data = new Float32Array(ids.length * size);
      for (const [at, [shard, row]] of places.entries()) data.set(await this.#row(shard, row, prefix), at * size);
      tensors.push({ shape: [ids.length, ...shape], data });
    }
    return tensors;
  }

  #place(set: "train" | "test", id: string): [number, number] {
    const place = this.index[set][id];
    if (!place) throw new RangeError(`Cannot read features: expected a transformed photo, got ${id} of the ${set} set`);
    return place;
  }

  async #shard(shard: number): Promise<FeatureShard> {
    const opened = openFeatureShard(await this.folder.read(featuresFile(shard)));
    if (opened) return opened;
    throw this.folder.damaged(featuresFile(shard));
  }

  async #rowsOf(shard: number, prefix: string): Promise<CutPointRows[string]> {
    const rows = this.#cutPointRows.get(shard) ?? (await this.#shard(shard)).cutPoints;
    this.#cutPointRows.set(shard, rows);
    if (Object.hasOwn(rows, prefix)) return rows[prefix];
    throw new RangeError(`Cannot read ${cutPointsFile(shard)}: expected an array named ${prefix}, got none`);
  }

  async #row(shard: number, row: number, prefix: string): Promise<Float16Array> {
    const { start, shape, crc32 } = await this.#rowsOf(shard, prefix);
    const bytes = sizeOf(shape) * Float16Array.BYTES_PER_ELEMENT;
    const part = { start: start + row * bytes, bytes, crc32: crc32[row] };
    return new Float16Array((await this.folder.readPart(cutPointsFile(shard), part)).buffer);
  }
}
