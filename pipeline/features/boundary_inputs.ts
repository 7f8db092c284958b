import { FUSED_BACKBONES } from "../../model/networks/fusion_net.ts";
import type { Tensor } from "../../model/tensor.ts";
import { joinBatches } from "./batches.ts";
import { extractedBatches } from "./extracted_batches.ts";
import { type ExtractedFeatures, FeatureReader, type RowPlaces } from "./feature_store.ts";
import { FeatureExtractor } from "./feature_extractor.ts";
import type { TrimmedPhotos } from "../photos/photo.ts";
import type { PhotoSet, StageTools } from "../runner/stage.ts";
import type { z } from "zod";

/** Where the boundary activations of photos come from, one tensor a backbone. */
export interface BoundaryInputs {
  of(set: PhotoSet, ids: readonly string[]): Promise<Tensor[]>;
  close(): Promise<void>;
}

/**
 * Reads activations where `transform` stored them, and else computes them from the photos. Both ways give float16
 * values, so that a run's result does not depend on the disk budget.
 */
export async function openBoundaryInputs(
  index: RowPlaces,
  trimmed: z.infer<typeof TrimmedPhotos>,
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
  const boxes = {
    train: new Map(trimmed.train.map(({ id, box }) => [id, box])),
    test: new Map(trimmed.test.map(({ id, box }) => [id, box])),
  };
  return {
    async of(set, ids) {
      const photos = ids.flatMap((id) => {
        const box = boxes[set].get(id);
        return box ? [{ set, id, box }] : [];
      });
      const batches: ExtractedFeatures[] = [];
      const extraction = { extractor, backbones, batchSize: engine.batchSize };
      for await (const { extracted } of extractedBatches(photos, extraction, tools)) batches.push(extracted);
      return boundariesOf(joinBatches(batches));
    },
    close: () => extractor.close(),
  };
}

/** What was computed at the boundaries, rounded as it would be by being stored. */
export function boundariesOf({ boundaries }: ExtractedFeatures): Tensor[] {
  return [...boundaries.values()].map(({ shape, data }) => ({
    shape,
    data: new Float32Array(new Float16Array(data)),
  }));
}
