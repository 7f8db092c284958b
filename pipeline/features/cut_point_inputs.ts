import type { z } from "zod";
import type { Tensor } from "../../model/tensor.ts";
import { entryOf } from "../../base/entry_of.ts";
import type { TrimmedPhotos } from "../photos/photo.ts";
import type { PhotoSet, StageTools } from "../runner/stage.ts";
import { CUT_PREFIXES, type CutPointInputs, cutPointsOf } from "./cut_points.ts";
import { extractedBatches } from "./extracted_batches.ts";
import { FeatureExtractor } from "./feature_extractor.ts";
import { type ExtractedFeatures, FeatureReader, type RowPlaces } from "./feature_store.ts";
import { joinExtracted } from "./join_extracted.ts";

type CutPointTools = Pick<StageTools, "inputFolder" | "engine" | "backbones" | "photos" | "signal">;

/**
 * Reads activations where `transform` stored them, and else computes them from the photos. Both ways give float16
 * values, so that a run's result does not depend on the disk budget. Nothing is opened before the first photos are
 * asked for.
 */
export function cutPointInputs(
  index: RowPlaces,
  trimmed: z.infer<typeof TrimmedPhotos>,
  tools: CutPointTools,
): CutPointInputs {
  if (!index.cutPoints) return new ComputedCutPoints(trimmed, tools);
  const reader = new FeatureReader(tools.inputFolder("transform"), index);
  return { of: (set, ids) => reader.cutPoints(set, ids, CUT_PREFIXES), close: () => Promise.resolve() };
}

/** Sends photos through the frozen parts of the backbones whenever they are asked for. */
class ComputedCutPoints implements CutPointInputs {
  readonly #boxes;
  #extractor: Promise<FeatureExtractor> | undefined;

  constructor(trimmed: z.infer<typeof TrimmedPhotos>, readonly tools: CutPointTools) {
    this.#boxes = {
      train: new Map(trimmed.train.map(({ id, box }) => [id, box])),
      test: new Map(trimmed.test.map(({ id, box }) => [id, box])),
    };
  }

  /** @throws RangeError for a photo that was not trimmed. */
  async of(set: PhotoSet, ids: readonly string[]): Promise<Tensor[]> {
    const engine = await this.tools.engine();
    const backbones = await this.tools.backbones();
    this.#extractor ??= FeatureExtractor.create(engine, backbones, true);
    const extraction = { extractor: await this.#extractor, backbones, batchSize: engine.batchSize };
    const photos = ids.map((id) => ({ set, id, box: entryOf(this.#boxes[set], id, "a photo's box") }));
    const batches: ExtractedFeatures[] = [];
    for await (const { extracted } of extractedBatches(photos, extraction, this.tools)) batches.push(extracted);
    return cutPointsOf(joinExtracted(batches));
  }

  async close(): Promise<void> {
    await (await this.#extractor)?.close();
  }
}
