import { stacked, type Tensor } from "../../../model/tensor.ts";
import type { ExtractedFeatures } from "../store/feature_store.ts";
import { entryOf } from "../../../data/base/entry_of.ts";

/**
 * What was extracted from several batches, as from one.
 * @throws RangeError when a batch has no activations at a cut point that another one has.
 */
export function joinExtracted(batches: readonly ExtractedFeatures[]): ExtractedFeatures {
  const cutPoints = new Map<string, Tensor>();
  for (const prefix of batches[0].cutPoints.keys()) {
    const parts = batches.map((batch) => entryOf(batch.cutPoints, prefix, "activations at the cut point"));
    cutPoints.set(prefix, stacked(parts));
  }
  return { features: stacked(batches.map(({ features }) => features)), cutPoints };
}
