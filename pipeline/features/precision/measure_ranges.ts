import { batchTransform } from "../../../data/picture/batches/batch_transform.ts";
import type { PixelBatch } from "../../../data/base/pixel_batch.ts";
import type { IntegerNetworks } from "../../../model/engines/engine.ts";
import { firstUnbounded } from "../../../model/engines/sum_bounds.ts";
import type { ValueRanges } from "../../../model/networks/value_ranges.ts";
import type { Backbone } from "../../../model/weights/backbone.ts";
import { photoSizes } from "../extract/extracted_batches.ts";
import { extractedNetworks } from "../extract/feature_extractor.ts";
import { notUsable } from "../extract/finite_activations.ts";
import type { ScannedPhoto } from "../extract/scanned_photos.ts";
import type { BackboneRanges } from "./backbone_ranges.ts";

/** On so many photos ranges are measured. */
export const RANGES_PHOTOS = 24;

/** What measuring works with. */
export interface RangesMeter {
  readonly integers: IntegerNetworks;
  readonly backbones: readonly Backbone[];
  readonly batchSize: number;
  readonly signal: AbortSignal;
}

/**
 * Measures the ranges of both backbones' values on a few photos: those whose contents' hashes come first, so that the
 * same photos give the same ranges, in whatever order and under whatever names they come.
 * @throws UserError that names the layer where the weights' sums need not fit into the floats that ranges are measured in.
 */
export async function measureRanges(
  photos: readonly ScannedPhoto[],
  meter: RangesMeter,
): Promise<Pick<BackboneRanges, "measuredOn" | "backbones">> {
  const { backbones, batchSize, signal } = meter;
  const chosen = [...new Map(photos.map((photo) => [photo.sha256, photo])).values()]
    .toSorted((a, b) => (a.sha256 < b.sha256 ? -1 : 1)).slice(0, RANGES_PHOTOS);
  const batches: (readonly PixelBatch[])[] = [];
  for await (const { inputs } of batchTransform(chosen, { sizes: photoSizes(backbones), batchSize })) {
    signal.throwIfAborted();
    batches.push(inputs);
  }
  return { measuredOn: chosen.map(({ sha256 }) => sha256), backbones: await rangesOver(batches, meter) };
}

/**
 * The ranges of both backbones' values over photos that are decoded already.
 * @param batches for each backbone the photos in its size
 * @throws UserError as `measureRanges`.
 */
export async function rangesOver(
  batches: readonly (readonly PixelBatch[])[],
  { integers, backbones, signal }: Omit<RangesMeter, "batchSize">,
): Promise<ValueRanges[]> {
  const ranges: ValueRanges[] = [];
  for (const [k, { network, weights, outputs }] of extractedNetworks(backbones, false).entries()) {
    signal.throwIfAborted();
    const measured = await integers.measureRanges(network, weights, outputs, batches.map((inputs) => inputs[k]));
    const unbounded = firstUnbounded(network, weights, measured);
    if (unbounded) throw notUsable(backbones[k], unbounded, "the photos that ranges are measured on");
    ranges.push(measured);
  }
  return ranges;
}
