import { type Box, wholeBox } from "../../data/picture/pixels.ts";
import { Lasting } from "../finished/lasting.ts";
import type { RunOutputs } from "../finished/run_outputs.ts";
import { EMPTY_REVIEW, type Review } from "../review/file/review.ts";
import type { Photo } from "../photos/photo.ts";
import { PredictionList } from "../predicted/prediction_list.ts";
import { doubtedPhotos } from "../queue/doubted_photos.ts";
import { alikePhotos, describedGroups, type DuplicateGroup } from "../queue/duplicate_groups.ts";
import { type KnownPhoto, knownPhotos } from "../queue/known_photos.ts";
import type { DoubtedPhoto } from "../queue/queue_item.ts";
import type { RunValues } from "../queue/run_values.ts";
import type { PhotoSet } from "../runner/stage.ts";

/** A photo of the run with what trimming left of it. */
export type ScannedPhoto = Photo & { readonly box: Box };

/** What the stages say of the run's photos, put together once for as long as they say it. */
export interface StageValues {
  readonly values: RunValues;
  readonly known: ReadonlyMap<string, KnownPhoto>;
  readonly doubted: readonly DoubtedPhoto[];
  /** None where none are predicted yet. */
  readonly predictions: PredictionList | undefined;
  /** P(dog) of photos to predict. */
  readonly pDogOfTest: ReadonlyMap<string, number>;
  /** The groups of photos that show the same, with the words of a review. */
  groups(review: Review): readonly DuplicateGroup[];
  /** A photo, or `undefined` where the run has none of that id. */
  photo(set: PhotoSet, id: string): ScannedPhoto | undefined;
}

/** Reads what the stages left, whether or not they are up to date. */
export class StageReader {
  readonly #made = new Lasting<StageValues>();

  /** @param pause in which others get their turn while much is put together */
  constructor(readonly outputs: RunOutputs, readonly pause: () => Promise<void>) {}

  /** All of it, or `undefined` where no photo was scanned yet. */
  async read(): Promise<StageValues | undefined> {
    const { outputs } = this;
    const [scan, trim, filter, split, rescan, predict] = await Promise.all([
      outputs.scan.read(),
      outputs.trim.read(),
      outputs.filter.read(),
      outputs.split.read(),
      outputs.rescan.read(),
      outputs.predict.read(),
    ]);
    if (!scan) return undefined;
    const key = [scan, trim, filter, split, rescan, predict].map((stage) => stage?.key ?? "none").join(" ");
    const values: RunValues = {
      scan: scan.output,
      trim: trim?.output,
      filter: filter?.output,
      split: split?.output,
      rescan: rescan?.output,
      predict: predict?.output,
    };
    return await this.#made.of(key, () => stageValues(values, this.pause));
  }
}

async function stageValues(values: RunValues, pause: () => Promise<void>): Promise<StageValues> {
  const known = knownPhotos(values);
  const alike = await alikePhotos(values, pause);
  const doubted = doubtedPhotos(values, known, describedGroups(alike, known, EMPTY_REVIEW));
  const photos = { train: withBoxes("train", values), test: withBoxes("test", values) };
  const predicted = values.predict?.test.map(({ id, pDog }) => ({ id, pDog, readable: photos.test.has(id) }));
  return {
    values,
    known,
    doubted,
    predictions: predicted && new PredictionList(predicted),
    pDogOfTest: new Map(predicted?.map(({ id, pDog }) => [id, pDog])),
    groups: (review) => describedGroups(alike, known, review),
    photo: (set, id) => photos[set].get(id),
  };
}

function withBoxes(set: PhotoSet, { scan, trim }: RunValues): Map<string, ScannedPhoto> {
  const boxes = new Map((trim?.[set] ?? []).map(({ id, box }) => [id, box]));
  return new Map(scan[set].map((photo) => [photo.id, { ...photo, box: boxes.get(photo.id) ?? wholeBox(photo) }]));
}
