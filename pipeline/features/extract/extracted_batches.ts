import type { Backbone } from "../../../model/weights/backbone.ts";
import type { FeatureExtractor } from "./feature_extractor.ts";
import { assertFiniteFeatures } from "./finite_activations.ts";
import type { ExtractedFeatures } from "../store/feature_store.ts";
import { type DecodedBatch, photoBatches, type PhotoToRead } from "./photo_batches.ts";
import type { StageTools } from "../../runner/stage.ts";

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
 * @throws UserError that names the photo and the layer where activations are not finite.
 */
export async function* extractedBatches<Photo extends PhotoToRead>(
  photos: readonly Photo[],
  { extractor, backbones, batchSize }: Extraction,
  tools: Pick<StageTools, "photos" | "signal">,
): AsyncGenerator<ExtractedBatch<Photo>> {
  const finished = async ({ photos, inputs, extracted }: UnderWay<Photo>): Promise<ExtractedBatch<Photo>> => {
    const batch = { names: photos.map(({ id }) => id), inputs, extracted: await extracted };
    await assertFiniteFeatures(extractor.engine, backbones, batch);
    return { photos, extracted: batch.extracted };
  };
  let underway: UnderWay<Photo> | undefined;
  for await (const { photos: batch, inputs } of photoBatches(photos, batchSize, backbones, tools)) {
    const next = { photos: batch, inputs, extracted: extractor.extract(inputs) };
    // A failure is thrown when its turn to be awaited comes, not as unhandled.
    next.extracted.catch(() => {});
    if (underway) yield await finished(underway);
    underway = next;
  }
  if (underway) yield await finished(underway);
}

interface UnderWay<Photo> extends DecodedBatch<Photo> {
  readonly extracted: Promise<ExtractedFeatures>;
}
