import { z } from "zod";
import { widthOf } from "../../model/linear/width_of.ts";
import { classifierOf } from "../classifier/classifier_of.ts";
import { featurePrecision } from "../classifier/feature_precision.ts";
import { storedRows } from "../features/cache/cached_rows.ts";
import { groupsBesides } from "../features/cache/groups_kept.ts";
import { RunRows, type WantedPhoto } from "../features/cache/run_rows.ts";
import { type ScannedPhoto, scannedPhotos } from "../features/extract/scanned_photos.ts";
import { RANGES_FILE } from "../features/precision/backbone_ranges.ts";
import { WIDE_FLOATS_FILE } from "../features/precision/settle_floats.ts";
import { keepRanges, type SettledPrecision, settlePrecision } from "../features/precision/settle_precision.ts";
import { FeatureIndex } from "../features/store/feature_store.ts";
import { ROWS_FILE } from "../features/store/stored_rows.ts";
import { sha256 } from "../files/hashing.ts";
import { UserError } from "../files/user_error.ts";
import { FilteredPhotos, ScannedPhotos, TrimmedPhotos } from "../photos/photo.ts";
import { defineStage, type PhotoSet, type StageTools } from "../runner/stage.ts";
import type { Config, Precision } from "../settings/config.ts";
import { cutPointBytes } from "../weights/open_backbones.ts";

const BYTES_IN_GIGABYTE = 1e9;

const INPUTS = z.object({ scan: ScannedPhotos, trim: TrimmedPhotos, filter: FilteredPhotos });
const TOOLS = [
  "folder",
  "cache",
  "engine",
  "backbones",
  "photos",
  "weightsHash",
  "progress",
  "signal",
  "say",
  "warn",
] as const;

/** What rows depend on besides the photos, the weights and the engine. */
type RowParams = {
  readonly inputScales: Config["hyperparameters"]["inputScales"];
  readonly cacheGigabytes: number | null;
  readonly precision: Precision;
  readonly besides: readonly string[];
};

/**
 * Gives every kept photo and every photo to predict its row in the cache that all runs share: features, and, where the
 * disk budget allows, the activations at the cut points from which fine-tuning starts. Photos that have no row there go
 * through the frozen backbones, once, whatever was added, removed or split differently since, and in whichever run. Parts
 * of the work can be done ahead by other machines that see the same cache.
 */
export const transform = defineStage({
  name: "transform",
  version: 10,
  inputs: INPUTS,
  output: FeatureIndex,
  tools: TOOLS,
  // Where rows are is no part of the result: they may be elsewhere tomorrow.
  keeps: (file) => [ROWS_FILE, RANGES_FILE, WIDE_FLOATS_FILE].includes(file),
  params({ cacheGigabytes, hyperparameters, precision }): RowParams {
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
  async run(inputs, params, tools) {
    const wanted = await wantedPhotos(inputs, params, tools);
    while (true) {
      const { rows, settled } = await openRows(wanted, params, tools);
      await keepRanges(settled, tools.folder);
      const completed = await rows.complete();
      // The engine went on to other floats meanwhile: all rows are wanted in those.
      if (completed === undefined) continue;
      const { computed, shared } = completed;
      const { photos, groups, cached, cutPoints } = rows;
      await tools.folder.write(ROWS_FILE, JSON.stringify(storedRows(photos, cached)));
      return {
        output: {
          groups: [...groups],
          cutPoints,
          trainKeys: keysHash(photos, "train"),
          testKeys: keysHash(photos, "test"),
        },
        counts: { photos: photos.length, computed, features: widthOf(groups) },
        details: { precision: settled.words },
        shared,
      };
    }
  },
  async runPart(part, inputs, params, tools) {
    const wanted = await wantedPhotos(inputs, params, tools);
    while (true) {
      const { rows } = await openRows(wanted, params, tools);
      const computed = await rows.computeMissing(part);
      if (computed !== undefined) return { photos: rows.count(part), computed };
    }
  },
});

/** The photos that want rows, labelled ones first, and whether those have activations at cut points. */
interface PhotosOfRows {
  readonly labelled: readonly ScannedPhoto[];
  readonly photos: readonly ScannedPhoto[];
  readonly cutPoints: boolean;
}

/** All photos that are kept or to be predicted. */
async function wantedPhotos(
  { scan, trim, filter }: z.output<typeof INPUTS>,
  { cacheGigabytes }: RowParams,
  tools: Pick<StageTools, "backbones" | "photos" | "warn">,
): Promise<PhotosOfRows> {
  const kept = new Set(filter.kept);
  const labelled = scannedPhotos("train", scan.train.filter(({ id }) => kept.has(id)), trim.train, tools);
  const photos = [...labelled, ...scannedPhotos("test", scan.test, trim.test, tools)];
  const bytes = photos.length * cutPointBytes(await tools.backbones());
  return { labelled, photos, cutPoints: fitsOnDisk(bytes, cacheGigabytes, tools) };
}

/** Settles in what numbers rows are computed, and finds those that are there. */
async function openRows(
  { labelled, photos, cutPoints }: PhotosOfRows,
  { precision, besides }: RowParams,
  tools: Pick<StageTools, typeof TOOLS[number]>,
): Promise<{ readonly rows: RunRows; readonly settled: SettledPrecision }> {
  const settled = await settlePrecision(precision, await tools.engine(), labelled, tools);
  return { rows: await RunRows.open({ photos, settled, besides, cutPoints }, tools), settled };
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
