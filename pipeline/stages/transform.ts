import { entryOf } from "../../data/base/entry_of.ts";
import { z } from "zod";
import { classifierOf } from "../classifier/classifier_of.ts";
import { joinExtracted } from "../features/extract/join_extracted.ts";
import { extractedBatches, photoSizes } from "../features/extract/extracted_batches.ts";
import { type ScannedPhoto, scannedPhotos } from "../features/extract/scanned_photos.ts";
import { widthOf } from "../../model/linear/width_of.ts";
import { FeatureExtractor, featureGroups } from "../features/extract/feature_extractor.ts";
import {
  type ExtractedFeatures,
  FeatureIndex,
  isShard,
  readShardKeys,
  removeOtherShards,
  SHARD_PHOTOS,
  writeShard,
} from "../features/store/feature_store.ts";
import { RANGES_FILE } from "../features/precision/backbone_ranges.ts";
import { settlePrecision } from "../features/precision/settle_precision.ts";
import { assertFiniteBackbones } from "../features/extract/finite_activations.ts";
import { sha256 } from "../files/hashing.ts";
import { UserError } from "../files/user_error.ts";
import { cutPointBytes } from "../weights/open_backbones.ts";
import { FilteredPhotos, ScannedPhotos, TrimmedPhotos } from "../photos/photo.ts";
import { defineStage, type PhotoSet } from "../runner/stage.ts";

/** Raised when the features of the same photo change; it is a part of each row's key. */
const ROWS_VERSION = 7;

const BYTES_IN_GIGABYTE = 1e9;

/** A photo whose features are wanted, under the key by which a stored row is recognised. */
interface WantedPhoto extends ScannedPhoto {
  readonly key: string;
}

/**
 * Sends every kept photo and every photo to predict through the frozen backbones, once: features, and, where the disk
 * budget allows, the activations at the cut points from which fine-tuning starts. Rows are kept by content: photos that
 * were transformed before are not transformed again, whatever was added, removed or split differently since.
 */
export const transform = defineStage({
  name: "transform",
  version: 8,
  inputs: z.object({ scan: ScannedPhotos, trim: TrimmedPhotos, filter: FilteredPhotos }),
  output: FeatureIndex,
  tools: ["folder", "engine", "backbones", "photos", "weightsHash", "progress", "signal", "say", "warn"],
  keeps: (file) => isShard(file) || file === RANGES_FILE,
  params({ cacheGigabytes, hyperparameters, precision }) {
    const { usesCutPoints } = classifierOf(hyperparameters);
    if (usesCutPoints && precision === "int8") {
      throw new UserError(
        "Cannot use --precision int8: expected a recipe that leaves the backbones as they are, got one that trains them. " +
          "Name another recipe, or use --precision f32",
      );
    }
    return {
      inputScales: hyperparameters.inputScales,
      // Only what fine-tunes the backbones starts from their cut points.
      cacheGigabytes: usesCutPoints ? cacheGigabytes : null,
      // What training starts from is computed as training computes.
      precision: usesCutPoints ? "f32" : precision,
    };
  },
  external: async (_, tools) => ({ "the weights": await tools.weightsHash() }),
  async run({ scan, trim, filter }, { cacheGigabytes, precision }, tools) {
    const engine = await tools.engine();
    const backbones = await tools.backbones();
    const kept = new Set(filter.kept);
    const sizes = photoSizes(backbones).join();
    const labelled = scannedPhotos("train", scan.train.filter(({ id }) => kept.has(id)), trim.train, tools);
    const settled = await settlePrecision(precision, engine, labelled, tools);
    const madeBy = `${ROWS_VERSION} ${await tools.weightsHash()} ${engine.name} ${settled.name} ${sizes}`;
    const wanted = [...labelled, ...scannedPhotos("test", scan.test, trim.test, tools)]
      .map((photo) => wantedPhoto(photo, madeBy));
    const bytes = wanted.length * cutPointBytes(backbones);
    const cutPoints = cacheGigabytes !== null && bytes <= cacheGigabytes * BYTES_IN_GIGABYTE;
    if (cacheGigabytes !== null && !cutPoints) {
      tools.warn(
        `activations for fine-tuning would take ${(bytes / BYTES_IN_GIGABYTE).toFixed(1)} GB, more than --cache-gb ` +
          `${cacheGigabytes}: they are computed again in every epoch, which takes longer`,
      );
    }

    const shards = await readShardKeys(tools.folder, cutPoints);
    await removeOtherShards(tools.folder, new Set(shards.keys()), cutPoints);
    const places = new Map<string, [number, number]>();
    for (const [shard, keys] of shards) keys.forEach((key, row) => places.set(key, [shard, row]));
    const pending = uniqueByKey(wanted.filter(({ key }) => !places.has(key)));

    // Rows that are kept were computed with the same weights, which were probed then.
    const keepsNone = wanted.every(({ key }) => !places.has(key));
    if (pending.length > 0 && keepsNone) await assertFiniteBackbones(engine, backbones);
    const extractor = await FeatureExtractor.create(engine, backbones, {
      givesCutPoints: cutPoints,
      ranges: settled.ranges?.backbones,
    });
    const progress = tools.progress(pending.length, "photos");
    const free = freeNumbers(shards);
    let shard = free.next().value;
    let batches: ExtractedFeatures[] = [];
    let keys: string[] = [];
    const flush = async () => {
      await writeShard(tools.folder, shard, keys, joinExtracted(batches));
      keys.forEach((key, row) => places.set(key, [shard, row]));
      shard = free.next().value;
      batches = [];
      keys = [];
    };
    try {
      const extraction = { engine, extractor, backbones };
      for await (const { photos, extracted } of extractedBatches(pending, extraction, tools)) {
        batches.push(extracted);
        keys.push(...photos.map(({ key }) => key));
        progress.advance(photos.length);
        if (keys.length >= SHARD_PHOTOS) await flush();
      }
      if (keys.length > 0) await flush();
    } finally {
      progress.finish();
      await extractor.close();
    }

    const index: FeatureIndex = {
      groups: featureGroups(backbones),
      cutPoints,
      train: {},
      test: {},
      trainRows: rowsHash(wanted, "train"),
      testRows: rowsHash(wanted, "test"),
    };
    for (const { set, id, key } of wanted) {
      index[set][id] = entryOf(places, key, `the row of ${id}`);
    }
    await removeOtherShards(
      tools.folder,
      new Set(wanted.map(({ key }) => entryOf(places, key, "a row")[0])),
      cutPoints,
    );
    return {
      output: index,
      counts: {
        photos: wanted.length,
        computed: pending.length,
        features: widthOf(index.groups),
      },
      details: { precision: settled.words },
    };
  },
});

/**
 * The numbers that no shard has, upwards. A damaged shard that is computed again takes its own number again, so that
 * its rows are where they were and nothing after `transform` changes.
 */
function* freeNumbers(taken: ReadonlyMap<number, unknown>): Generator<number, never> {
  for (let shard = 0;; shard++) if (!taken.has(shard)) yield shard;
}

function wantedPhoto(photo: ScannedPhoto, madeBy: string): WantedPhoto {
  const { left, top, width, height } = photo.box;
  return { ...photo, key: sha256(`${madeBy} ${photo.sha256} ${left},${top},${width},${height}`) };
}

/** One hash for the keys of a set's rows. */
function rowsHash(wanted: readonly WantedPhoto[], ofSet: PhotoSet): string {
  return sha256(wanted.filter(({ set }) => set === ofSet).map(({ id, key }) => `${id} ${key}`).join("\n"));
}

function uniqueByKey(photos: readonly WantedPhoto[]): WantedPhoto[] {
  return [...new Map(photos.map((photo) => [photo.key, photo])).values()];
}
