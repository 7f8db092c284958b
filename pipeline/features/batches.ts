import { stacked, type Tensor } from "../../model/tensor.ts";
import type { ExtractedFeatures } from "./feature_store.ts";

/** Consecutive runs of `size` items; the last one may be shorter. */
export function chunked<T>(items: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, k) => items.slice(k * size, (k + 1) * size));
}

/** What was extracted from several batches, as from one. */
export function joinBatches(batches: readonly ExtractedFeatures[]): ExtractedFeatures {
  const boundaries = new Map<string, Tensor>();
  for (const prefix of batches[0].boundaries.keys()) {
    boundaries.set(prefix, stacked(batches.flatMap(({ boundaries }) => boundaries.get(prefix) ?? [])));
  }
  return { features: stacked(batches.map(({ features }) => features)), boundaries };
}
