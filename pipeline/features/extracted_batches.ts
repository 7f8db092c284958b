import type { Backbone } from "../../model/weights/backbone.ts";
import type { FeatureExtractor } from "./feature_extractor.ts";
import type { ExtractedFeatures } from "./feature_store.ts";
import { photoBatches, type PhotoToRead } from "./photo_batches.ts";
import type { StageTools } from "../runner/stage.ts";

/** Some photos, and what the backbones made of them. */
export interface ExtractedBatch<Photo> {
  readonly photos: readonly Photo[];
  readonly extracted: ExtractedFeatures;
}

/** Which backbones photos go through, and how many at once. */
export interface Extraction {
  readonly extractor: FeatureExtractor;
  readonly backbones: readonly Backbone[];
  readonly batchSize: number;
}

/**
 * Sends photos through the backbones batch by batch. A batch is handed over while the one before it is still under way,
 * so that the device always has one to go on with.
 */
export async function* extractedBatches<Photo extends PhotoToRead>(
  photos: readonly Photo[],
  { extractor, backbones, batchSize }: Extraction,
  tools: Pick<StageTools, "photos" | "signal">,
): AsyncGenerator<ExtractedBatch<Photo>> {
  let underway: { photos: readonly Photo[]; extracted: Promise<ExtractedFeatures> } | undefined;
  for await (const { photos: batch, inputs } of photoBatches(photos, batchSize, backbones, tools)) {
    const next = { photos: batch, extracted: extractor.extract(inputs) };
    // A failure is thrown when its turn to be awaited comes, not as unhandled.
    next.extracted.catch(() => {});
    if (underway) yield { photos: underway.photos, extracted: await underway.extracted };
    underway = next;
  }
  if (underway) yield { photos: underway.photos, extracted: await underway.extracted };
}
