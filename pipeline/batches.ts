import type { Tensor } from "../model/tensor.ts";
import type { ExtractedFeatures } from "./feature_store.ts";

/** Consecutive runs of `size` items; the last one may be shorter. */
export function chunked<T>(items: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, k) => items.slice(k * size, (k + 1) * size));
}

/** Tensors one after another on their first axis; the other axes are alike. */
export function stacked(parts: readonly Tensor[]): Tensor {
  if (parts.length === 1) return parts[0];
  const data = new Float32Array(parts.reduce((sum, part) => sum + part.data.length, 0));
  let at = 0;
  for (const part of parts) {
    data.set(part.data, at);
    at += part.data.length;
  }
  return { shape: [parts.reduce((sum, { shape }) => sum + shape[0], 0), ...parts[0].shape.slice(1)], data };
}

/** What was extracted from several batches, as from one. */
export function joinBatches(batches: readonly ExtractedFeatures[]): ExtractedFeatures {
  const boundaries = new Map<string, Tensor>();
  for (const prefix of batches[0].boundaries.keys()) {
    boundaries.set(prefix, stacked(batches.flatMap(({ boundaries }) => boundaries.get(prefix) ?? [])));
  }
  return { features: stacked(batches.map(({ features }) => features)), boundaries };
}
