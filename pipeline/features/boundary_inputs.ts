import { FUSED_BACKBONES } from "../../model/networks/fusion_net.ts";
import type { Tensor } from "../../model/tensor.ts";
import { joinBatches } from "./batches.ts";
import { extractedBatches } from "./extracted_batches.ts";
import { type ExtractedFeatures, FeatureReader, type RowPlaces } from "./feature_store.ts";
import { FeatureExtractor } from "./feature_extractor.ts";
import type { Photo, TrimmedPhoto } from "../photos/photo.ts";
import type { PhotoToRead } from "./photo_batches.ts";
import type { PhotoSet, StageTools } from "../runner/stage.ts";

/** Where the boundary activations of photos come from, one tensor a backbone. */
export interface BoundaryInputs {
  of(set: PhotoSet, ids: readonly string[]): Promise<Tensor[]>;
  close(): Promise<void>;
}

/** Photos of both sets, as one stage or another told of them. */
type BothSets<Told> = Readonly<Record<PhotoSet, readonly Told[]>>;

/**
 * Reads activations where `transform` stored them, and else computes them from the photos. Both ways give float16
 * values, so that a run's result does not depend on the disk budget.
 */
export async function openBoundaryInputs(
  index: RowPlaces,
  scanned: BothSets<Photo>,
  trimmed: BothSets<TrimmedPhoto>,
  tools: StageTools,
): Promise<BoundaryInputs> {
  if (index.boundaries) {
    const reader = new FeatureReader(tools.inputFolder("transform"), index);
    const prefixes = FUSED_BACKBONES.map(({ prefix }) => prefix);
    return { of: (set, ids) => reader.boundaries(set, ids, prefixes), close: () => Promise.resolve() };
  }
  const engine = await tools.engine();
  const backbones = await tools.backbones();
  const extractor = await FeatureExtractor.create(engine, backbones, true);
  const toRead = {
    train: photosToRead("train", scanned.train, trimmed.train),
    test: photosToRead("test", scanned.test, trimmed.test),
  };
  return {
    async of(set, ids) {
      const photos = ids.flatMap((id) => {
        const photo = toRead[set].get(id);
        return photo ? [photo] : [];
      });
      const batches: ExtractedFeatures[] = [];
      const extraction = { extractor, backbones, batchSize: engine.batchSize };
      for await (const { extracted } of extractedBatches(photos, extraction, tools)) batches.push(extracted);
      return boundariesOf(joinBatches(batches));
    },
    close: () => extractor.close(),
  };
}

function photosToRead(set: PhotoSet, scanned: readonly Photo[], trimmed: readonly TrimmedPhoto[]) {
  const boxes = new Map(trimmed.map(({ id, box }) => [id, box]));
  const photos = new Map<string, PhotoToRead>();
  for (const { id, bytes, sha256 } of scanned) {
    const box = boxes.get(id);
    if (box) photos.set(id, { set, id, bytes, sha256, box });
  }
  return photos;
}

/** What was computed at the boundaries, rounded as it would be by being stored. */
export function boundariesOf({ boundaries }: ExtractedFeatures): Tensor[] {
  return [...boundaries.values()].map(({ shape, data }) => ({
    shape,
    data: new Float32Array(new Float16Array(data)),
  }));
}
