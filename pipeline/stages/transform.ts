import { z } from "zod";
import { widthOf } from "../../model/linear/width_of.ts";
import { classifierOf } from "../classifier/classifier_of.ts";
import { featurePrecision } from "../classifier/feature_precision.ts";
import { CachedRows, storedRows } from "../features/cache/cached_rows.ts";
import { describedSet, featureSet, rowKey } from "../features/cache/feature_set.ts";
import { fillRows, type PhotoOfRow } from "../features/cache/fill_rows.ts";
import { groupsBesides, groupsKept } from "../features/cache/groups_kept.ts";
import { RowClaims } from "../features/cache/row_claims.ts";
import { verifiedShards } from "../features/cache/verified_shards.ts";
import { photoSizes } from "../features/extract/extracted_batches.ts";
import { FeatureExtractor, featureGroups } from "../features/extract/feature_extractor.ts";
import { assertFiniteBackbones } from "../features/extract/finite_activations.ts";
import { type ScannedPhoto, scannedPhotos } from "../features/extract/scanned_photos.ts";
import { RANGES_FILE } from "../features/precision/backbone_ranges.ts";
import { WIDE_FLOATS_FILE } from "../features/precision/settle_floats.ts";
import { type SettledPrecision, settlePrecision } from "../features/precision/settle_precision.ts";
import { FeatureIndex } from "../features/store/feature_store.ts";
import { newWriter } from "../features/store/shard_names.ts";
import { ROWS_FILE } from "../features/store/stored_rows.ts";
import { sha256 } from "../files/hashing.ts";
import { UserError } from "../files/user_error.ts";
import { FilteredPhotos, ScannedPhotos, TrimmedPhotos } from "../photos/photo.ts";
import { defineStage, type PhotoSet, type StageResult, type StageTools } from "../runner/stage.ts";
import { cutPointBytes } from "../weights/open_backbones.ts";

const BYTES_IN_GIGABYTE = 1e9;

/** From so many photos on, an engine may take its time to find out how it is fastest. */
const LONG_JOB = 2000;

/** A photo whose features are wanted, under the key by which its row is found. */
type WantedPhoto = ScannedPhoto & PhotoOfRow;

/**
 * Gives every kept photo and every photo to predict its row in the cache that all runs share: features, and, where the
 * disk budget allows, the activations at the cut points from which fine-tuning starts. Photos that have no row there go
 * through the frozen backbones, once, whatever was added, removed or split differently since, and in whichever run.
 */
export const transform = defineStage({
  name: "transform",
  version: 9,
  inputs: z.object({ scan: ScannedPhotos, trim: TrimmedPhotos, filter: FilteredPhotos }),
  output: FeatureIndex,
  tools: ["folder", "cache", "engine", "backbones", "photos", "weightsHash", "progress", "signal", "say", "warn"],
  // Where rows are is no part of the result: they may be elsewhere tomorrow.
  keeps: (file) => [ROWS_FILE, RANGES_FILE, WIDE_FLOATS_FILE].includes(file),
  params({ cacheGigabytes, hyperparameters, precision }) {
    const { usesCutPoints, groupsRead } = classifierOf(hyperparameters);
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
      precision: featurePrecision({ hyperparameters, precision }),
      besides: groupsBesides(groupsRead),
    };
  },
  external: async (_, tools) => ({ "the weights": await tools.weightsHash() }),
  async run({ scan, trim, filter }, { cacheGigabytes, precision, besides }, tools) {
    const engine = await tools.engine();
    const backbones = await tools.backbones();
    const kept = new Set(filter.kept);
    const labelled = scannedPhotos("train", scan.train.filter(({ id }) => kept.has(id)), trim.train, tools);
    const photos = [...labelled, ...scannedPhotos("test", scan.test, trim.test, tools)];
    const cutPoints = fitsOnDisk(photos.length * cutPointBytes(backbones), cacheGigabytes, tools);
    while (true) {
      const settled = await settlePrecision(precision, engine, labelled, tools);
      const result = await rowsFor(photos, { settled, cutPoints, besides }, tools);
      if (result) return result;
    }
  },
});

/** How features are computed, and what is kept of them. */
interface WantedRows {
  readonly settled: SettledPrecision;
  readonly cutPoints: boolean;
  /** Groups that the recipe reads besides those that every run keeps. */
  readonly besides: readonly string[];
}

/**
 * Finds the rows of photos, and computes those that are not there yet.
 * @returns `undefined` where the engine went on to other floats meanwhile: all rows are wanted in those.
 */
async function rowsFor(
  photos: readonly ScannedPhoto[],
  { settled, cutPoints, besides }: WantedRows,
  tools: Pick<StageTools, "folder" | "cache" | "engine" | "backbones" | "weightsHash" | "progress" | "signal" | "say">,
): Promise<StageResult<FeatureIndex> | undefined> {
  const engine = await tools.engine();
  const floats = engine.precision;
  const backbones = await tools.backbones();
  const groups = featureGroups(backbones);
  const set = describedSet(featureSet({
    weights: await tools.weightsHash(),
    engine: engine.name,
    numbers: settled.name,
    sizes: photoSizes(backbones),
  }));
  const names = { train: groupsKept("train", groups, besides), test: groupsKept("test", groups, besides) };
  const wanted = photos.map((photo): WantedPhoto => {
    const { left, top, width, height } = photo.box;
    const key = rowKey(set.text, photo.sha256, `${left},${top},${width},${height}`);
    return { ...photo, key, groups: names[photo.set], cutPoints };
  });
  const folder = await tools.cache.begin(set.name, set.text);
  // Of photos with the same content the labelled one comes first: it wants all that another does.
  const unique = [...new Map(wanted.toReversed().map((photo) => [photo.key, photo])).values()].toReversed();
  const { takesOthers } = tools.cache;
  const rows = new CachedRows(folder, unique, { writer: newWriter(), takesOthers });
  rows.refresh();
  // Rows that are there were computed with the same weights, which were probed then.
  if (unique.every(({ key }) => !rows.has(key))) await assertFiniteBackbones(engine, backbones);
  let computed = 0;
  let shared = unique.some(({ key }) => rows.has(key)) ? await verified() : undefined;
  while (shared === undefined || unique.some(({ key }) => !rows.has(key))) {
    const filled = await computeMissing();
    if (filled === undefined) return undefined;
    computed += filled;
    shared = await verified();
  }
  await tools.folder.write(ROWS_FILE, JSON.stringify(storedRows(wanted, rows)));
  return {
    output: {
      groups,
      cutPoints,
      trainKeys: keysHash(wanted, "train"),
      testKeys: keysHash(wanted, "test"),
    },
    counts: { photos: wanted.length, computed, features: widthOf(groups) },
    details: { precision: settled.words },
    shared,
  };

  async function verified() {
    return await verifiedShards(rows, cutPoints, tools.cache, tools.signal);
  }

  async function computeMissing(): Promise<number | undefined> {
    const missing = unique.filter(({ key }) => !rows.has(key));
    if (missing.length === 0) return 0;
    const extractor = await FeatureExtractor.create(engine, backbones, {
      givesCutPoints: cutPoints,
      ranges: settled.ranges?.backbones,
      longJob: missing.length >= LONG_JOB,
    });
    try {
      const extraction = { engine, extractor, backbones };
      const claims = await RowClaims.open(folder, tools.cache);
      return await fillRows(missing, { rows, claims, extraction, floats, groups }, tools);
    } finally {
      await extractor.close();
    }
  }
}

/** Whether activations at cut points may be stored; says so where they would take more disk than that. */
function fitsOnDisk(bytes: number, gigabytes: number | null, tools: Pick<StageTools, "warn">): boolean {
  if (gigabytes === null) return false;
  if (bytes <= gigabytes * BYTES_IN_GIGABYTE) return true;
  tools.warn(
    `activations for fine-tuning would take ${(bytes / BYTES_IN_GIGABYTE).toFixed(1)} GB, more than --cache-gb ` +
      `${gigabytes}: they are computed again in every epoch, which takes longer`,
  );
  return false;
}

/** One hash for the keys of a set's rows. */
function keysHash(wanted: readonly WantedPhoto[], ofSet: PhotoSet): string {
  return sha256(wanted.filter(({ set }) => set === ofSet).map(({ id, key }) => `${id} ${key}`).join("\n"));
}
