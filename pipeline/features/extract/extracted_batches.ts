import {
  type Batching,
  batchTransform,
  type PhotoToTransform,
  type TransformedBatch,
} from "../../../data/picture/batches/batch_transform.ts";
import type { Engine } from "../../../model/engines/engine.ts";
import type { Backbone } from "../../../model/weights/backbone.ts";
import type { FeatureExtractor } from "./feature_extractor.ts";
import { assertFiniteFeatures } from "./finite_activations.ts";
import type { ExtractedFeatures } from "../store/feature_store.ts";

/** A photo to send through the backbones. */
export interface PhotoToExtract extends PhotoToTransform {
  /** What messages call it. */
  readonly name: string;
}

/** Some photos, and what the backbones made of them. */
export interface ExtractedBatch<Photo> {
  readonly photos: readonly Photo[];
  readonly extracted: ExtractedFeatures;
}

/** Which backbones photos go through, and on what. */
export interface Extraction {
  readonly engine: Engine;
  readonly extractor: FeatureExtractor;
  readonly backbones: readonly Backbone[];
}

/** What extracting many photos takes besides. */
export interface ExtractOptions<Photo> extends Pick<Batching<Photo>, "unreadable"> {
  readonly signal?: AbortSignal;
}

/**
 * Sends photos through the backbones batch by batch, each decoded once for all of them. A batch is handed over while
 * the one before it is still under way, so that the device always has one to go on with, and meanwhile the next one is
 * decoded, so that decoding costs no time of its own where the engine leaves a core free.
 * @throws UserError that names the photo and the layer where activations are not finite; PhotoError where a photo cannot
 * be decoded and nobody is told of it.
 */
export async function* extractedBatches<Photo extends PhotoToExtract>(
  photos: Iterable<Photo>,
  { engine, extractor, backbones }: Extraction,
  { signal, unreadable }: ExtractOptions<Photo>,
): AsyncGenerator<ExtractedBatch<Photo>> {
  const finished = async ({ photos, inputs, extracted, release }: UnderWay<Photo>): Promise<ExtractedBatch<Photo>> => {
    const batch = { names: photos.map(({ name }) => name), inputs, extracted: await extracted };
    await assertFiniteFeatures(engine, backbones, batch);
    release();
    return { photos, extracted: batch.extracted };
  };
  let underway: UnderWay<Photo> | undefined;
  for await (
    const batch of batchTransform(photos, { sizes: photoSizes(backbones), batchSize: engine.batchSize, unreadable })
  ) {
    signal?.throwIfAborted();
    const next = { ...batch, extracted: extractor.extract(batch.inputs) };
    // A failure is thrown when its turn to be awaited comes, not as unhandled.
    next.extracted.catch(() => {});
    if (underway) yield await finished(underway);
    underway = next;
  }
  if (underway) yield await finished(underway);
}

/** Height and width at which each backbone takes its photos, in pixels. */
export function photoSizes(backbones: readonly Backbone[]): number[] {
  return backbones.map(({ network: { inputShape } }) => inputShape.height);
}

interface UnderWay<Photo> extends TransformedBatch<Photo> {
  readonly extracted: Promise<ExtractedFeatures>;
}
