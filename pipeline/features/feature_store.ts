import { z } from "zod";
import { Safetensors, type StoredArray, storedTensor, writeSafetensors } from "../../model/weights/safetensors.ts";
import type { SafetensorsHeader } from "../../model/weights/safetensors_header.ts";
import { sizeOf, type Tensor } from "../../model/tensor.ts";
import { FeatureGroup, widthOf } from "../../model/linear/feature_group.ts";
import { namedGroups, selectGroups } from "./feature_groups.ts";
import type { ReadableFolder, StageFolder } from "../runner/run_folder.ts";
import { readInto, readSafetensorsHeader } from "../files/safetensors_file.ts";

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

const Keys = z.array(z.string());

const featuresFile = (shard: number) => `features-${String(shard).padStart(5, "0")}.safetensors`;
const cutPointsFile = (shard: number) => `cut_points-${String(shard).padStart(5, "0")}.safetensors`;
const FEATURES = "features";

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
  if (cutPoints.size > 0) {
    const arrays = new Map<string, StoredArray>();
    for (const [prefix, activation] of cutPoints) arrays.set(prefix, storedTensor(activation, "F16"));
    await folder.write(cutPointsFile(shard), writeSafetensors(arrays));
  }
  const arrays = new Map([[FEATURES, storedTensor(features)]]);
  await folder.write(featuresFile(shard), writeSafetensors(arrays, { keys: JSON.stringify(keys) }));
}

/** The keys of each whole shard in a folder, by the shard's number; shards without cut points count only if allowed. */
export async function readShardKeys(folder: StageFolder, withCutPoints: boolean): Promise<Map<number, string[]>> {
  const shards = new Map<number, string[]>();
  for (const name of await folder.list()) {
    const shard = Number(/^features-(\d+)\.safetensors$/.exec(name)?.[1] ?? NaN);
    if (Number.isNaN(shard) || (withCutPoints && !await folder.has(cutPointsFile(shard)))) continue;
    const { metadata } = await readSafetensorsHeader(folder.path(name));
    shards.set(shard, Keys.parse(JSON.parse(metadata.get("keys") ?? "[]")));
  }
  return shards;
}

/** Removes what is no shard among those to keep. */
export async function removeOtherShards(folder: StageFolder, keep: ReadonlySet<number>, cutPoints: boolean) {
  const wanted = new Set([...keep].flatMap((n) => cutPoints ? [featuresFile(n), cutPointsFile(n)] : [featuresFile(n)]));
  for (const name of await folder.list()) {
    if (/^[a-z_]+-\d+\.safetensors$/.test(name) && !wanted.has(name)) await folder.remove(name);
  }
}

/** Reads rows out of the shards. */
export class FeatureReader {
  readonly #headers = new Map<number, SafetensorsHeader>();

  constructor(readonly folder: ReadableFolder, readonly index: RowPlaces) {}

  /**
   * The features of photos, `[ids.length, width]`.
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
      const stored = new Safetensors(await this.folder.read(featuresFile(shard))).tensor(FEATURES);
      const selected = selectGroups(stored, groups, wanted);
      for (const { at, row } of places) data.set(selected.data.subarray(row * width, (row + 1) * width), at * width);
    }
    return { shape: [ids.length, width], data };
  }

  /** The activations of photos at cut points, one tensor `[ids.length, channels, height, width]` a prefix. */
  async cutPoints(set: "train" | "test", ids: readonly string[], prefixes: readonly string[]): Promise<Tensor[]> {
    const places = ids.map((id) => this.#place(set, id));
    const tensors: Tensor[] = [];
    for (const prefix of prefixes) {
      const [, ...shape] = (await this.#header(places[0][0])).entries.get(prefix)?.shape ?? [];
      const size = sizeOf(shape);
      const data = new Float32Array(ids.length * size);
      for (const [at, [shard, row]] of places.entries()) data.set(await this.#row(shard, row, prefix, size), at * size);
      tensors.push({ shape: [ids.length, ...shape], data });
    }
    return tensors;
  }

  #place(set: "train" | "test", id: string): [number, number] {
    const place = this.index[set][id];
    if (!place) throw new RangeError(`Cannot read features: expected a transformed photo, got ${id} of the ${set} set`);
    return place;
  }

  async #header(shard: number): Promise<SafetensorsHeader> {
    const known = this.#headers.get(shard);
    if (known) return known;
    const header = await readSafetensorsHeader(this.folder.path(cutPointsFile(shard)));
    this.#headers.set(shard, header);
    return header;
  }

  async #row(shard: number, row: number, prefix: string, size: number): Promise<Float16Array> {
    const entry = (await this.#header(shard)).entries.get(prefix);
    if (!entry) {
      throw new RangeError(`Cannot read ${cutPointsFile(shard)}: expected an array named ${prefix}, got none`);
    }
    const values = new Float16Array(size);
    const bytes = new Uint8Array(values.buffer);
    using file = await Deno.open(this.folder.path(cutPointsFile(shard)));
    await file.seek(entry.start + row * bytes.length, Deno.SeekMode.Start);
    await readInto(file, bytes);
    return values;
  }
}
