import type { Tensor } from "../../model/tensor.ts";
import { entryOf } from "../../data/base/entry_of.ts";
import type { Photo, TrimmedPhoto } from "../photos/photo.ts";
import type { PhotoSet, StageTools } from "../runner/stage.ts";
import { CUT_PREFIXES, type CutPointInputs, cutPointsOf } from "./cut_points.ts";
import { extractedBatches } from "./extract/extracted_batches.ts";
import { FeatureExtractor } from "./extract/feature_extractor.ts";
import { type ExtractedFeatures, FeatureReader, type RowKinds } from "./store/feature_store.ts";
import { joinExtracted } from "./extract/join_extracted.ts";
import { type ScannedPhoto, scannedPhotos } from "./extract/scanned_photos.ts";

type CutPointTools = Pick<StageTools, "inputFolder" | "engine" | "backbones" | "photos" | "signal">;

/** Photos of both sets, as one stage or another told of them. */
type BothSets<Told> = Readonly<Record<PhotoSet, readonly Told[]>>;

/**
 * Reads activations where `transform` stored them, and else computes them from the photos. Both ways give float16
 * values, so that a run's result does not depend on the disk budget. Nothing is opened before the first photos are
 * asked for.
 */
export function cutPointInputs(
  index: RowKinds,
  scanned: BothSets<Photo>,
  trimmed: BothSets<TrimmedPhoto>,
  tools: CutPointTools,
): CutPointInputs {
  if (!index.cutPoints) return new ComputedCutPoints(scanned, trimmed, tools);
  const reader = new FeatureReader(tools.inputFolder("transform"), index);
  return { of: (set, ids) => reader.cutPoints(set, ids, CUT_PREFIXES), close: () => Promise.resolve() };
}

/** Sends photos through the frozen parts of the backbones whenever they are asked for. */
class ComputedCutPoints implements CutPointInputs {
  readonly #photos;
  #extractor: Promise<FeatureExtractor> | undefined;

  constructor(scanned: BothSets<Photo>, trimmed: BothSets<TrimmedPhoto>, readonly tools: CutPointTools) {
    this.#photos = {
      train: byId(scannedPhotos("train", scanned.train, trimmed.train, tools)),
      test: byId(scannedPhotos("test", scanned.test, trimmed.test, tools)),
    };
  }

  /** @throws RangeError for a photo that was not trimmed. */
  async of(set: PhotoSet, ids: readonly string[]): Promise<Tensor[]> {
    const engine = await this.tools.engine();
    // As `transform` would have computed them: what trains from here on computes in 32 bits.
    engine.halves?.leave();
    const backbones = await this.tools.backbones();
    this.#extractor ??= FeatureExtractor.create(engine, backbones, { givesCutPoints: true });
    const extraction = { engine, extractor: await this.#extractor, backbones };
    const photos = ids.map((id) => entryOf(this.#photos[set], id, "a trimmed photo"));
    const batches: ExtractedFeatures[] = [];
    for await (const { extracted } of extractedBatches(photos, extraction, this.tools)) batches.push(extracted);
    return cutPointsOf(joinExtracted(batches));
  }

  async close(): Promise<void> {
    await (await this.#extractor)?.close();
  }
}

function byId(photos: readonly ScannedPhoto[]): ReadonlyMap<string, ScannedPhoto> {
  return new Map(photos.map((photo) => [photo.id, photo]));
}
