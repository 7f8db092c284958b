import { randomFrom } from "../../../../data/random.ts";
import { tensor } from "../../../../model/tensor.ts";
import type { FeatureGroup } from "../../../../model/linear/feature_group.ts";
import { widthOf } from "../../../../model/linear/width_of.ts";
import { sealedFeatureShard } from "../../../../pipeline/features/store/feature_shard.ts";
import { FeatureReader } from "../../../../pipeline/features/store/feature_store.ts";
import type { StoredRows } from "../../../../pipeline/features/store/stored_rows.ts";
import type { LabelledPhoto } from "../../../../pipeline/photos/photo.ts";

/** The groups of features that the classifiers and the outlier scores of the recipes read, a few columns each. */
export const SMALL_GROUPS: readonly FeatureGroup[] = [
  { name: "resnet.features", width: 32 },
  { name: "inception.features", width: 32 },
  { name: "resnet.layer4.global_max", width: 6 },
  { name: "resnet.layer4.windows", width: 128 },
  { name: "inception.Mixed_6e.global_max", width: 6 },
  { name: "inception.Mixed_7a.global_max", width: 6 },
  { name: "inception.Mixed_7b.global_max", width: 6 },
  { name: "inception.Mixed_7c.global_max", width: 6 },
];

/** Cats and dogs in turn. */
export function labelledPhotos(count: number): LabelledPhoto[] {
  return Array.from({ length: count }, (_, k) => {
    const label = k % 2 === 0 ? "cat" : "dog";
    const id = `${label}.${k}.jpg`;
    return { id, label, sha256: `content of ${id}` };
  });
}

/** A photo's features by its id: dogs have more in the even columns, cats in the odd ones. */
export type FeaturesOf = (id: string, width: number) => Float32Array;

export const separable: FeaturesOf = (id, width) => {
  const random = randomFrom(0, id);
  const isDog = id.startsWith("dog") ? 1 : 0;
  return Float32Array.from({ length: width }, (_, k) => 0.2 + random() + ((k + isDog) % 2 === 1 ? 0.6 : 0));
};

/** Features as `transform` stores them, in one shard that is in memory. */
export function storedInMemory(ids: readonly string[], featuresOf: FeaturesOf = separable): FeatureReader {
  const width = widthOf(SMALL_GROUPS);
  const rows = tensor([ids.length, width], Float32Array.from(ids.flatMap((id) => [...featuresOf(id, width)])));
  const groups = [...SMALL_GROUPS];
  const file = sealedFeatureShard({ keys: [...ids], groups, features: rows, cutPoints: {} }, "F32");
  const train = Object.fromEntries(ids.map((id, row): [string, [number, number]] => [id, [0, row]]));
  const places: StoredRows = { shards: ["shard"], train, test: {} };
  const folder = {
    has: () => Promise.resolve(true),
    read: () => Promise.resolve(file),
    readText: () => Promise.resolve(JSON.stringify(places)),
    readPart: () => Promise.reject(new Error("Cannot read a part: these features are in memory")),
    damaged: (name: string) => {
      throw new Error(`Cannot use ${name}: expected what was stored in memory, got another content`);
    },
  };
  return new FeatureReader(folder, { groups, cutPoints: false });
}
