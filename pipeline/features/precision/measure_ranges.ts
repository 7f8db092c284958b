import type { PixelBatch } from "../../../data/base/pixel_batch.ts";
import type { IntegerNetworks } from "../../../model/engines/engine.ts";
import type { ValueRanges } from "../../../model/networks/value_ranges.ts";
import type { Backbone } from "../../../model/weights/backbone.ts";
import type { StageTools } from "../../runner/stage.ts";
import { extractedNetworks } from "../extract/feature_extractor.ts";
import { photoBatches, type PhotoToRead } from "../extract/photo_batches.ts";
import type { BackboneRanges } from "./backbone_ranges.ts";

/** On so many photos ranges are measured: with twice as many the features stay as close to those in floats. */
const PHOTOS = 48;

/**
 * Measures the ranges of both backbones' values on a few photos: those whose contents' hashes come first, so that the
 * same photos give the same ranges, in whatever order and under whatever names they come.
 */
export async function measureRanges<Photo extends PhotoToRead>(
  integers: IntegerNetworks,
  backbones: readonly Backbone[],
  photos: readonly Photo[],
  batchSize: number,
  tools: Pick<StageTools, "photos" | "signal">,
): Promise<Omit<BackboneRanges, "hash">> {
  const chosen = [...new Map(photos.map((photo) => [photo.sha256, photo])).values()]
    .toSorted((a, b) => (a.sha256 < b.sha256 ? -1 : 1)).slice(0, PHOTOS);
  const batches: (readonly PixelBatch[])[] = [];
  for await (const { inputs } of photoBatches(chosen, batchSize, backbones, tools)) batches.push(inputs);
  const ranges: ValueRanges[] = [];
  for (const [k, { network, weights, outputs }] of extractedNetworks(backbones, false).entries()) {
    tools.signal.throwIfAborted();
    ranges.push(await integers.measureRanges(network, weights, outputs, batches.map((inputs) => inputs[k])));
  }
  return { photos: chosen.length, backbones: ranges };
}
