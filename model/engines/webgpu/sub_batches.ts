import { entryOf } from "../../../data/base/entry_of.ts";
import { sizeOf, stacked, type Tensor } from "../../tensor.ts";
import type { PixelBatch } from "../../../data/base/pixel_batch.ts";

/** A batch in parts of up to `most` photos, without copying. */
export function splitBatch(
  { shape: [photos, ...extents], data }: Tensor | PixelBatch,
  most: number,
): { photos: number; data: Float32Array | Uint8Array }[] {
  const values = sizeOf(extents);
  const starts = Array.from({ length: Math.ceil(photos / most) }, (_, part) => part * most);
  return starts.map((start) => {
    const end = Math.min(photos, start + most);
    return { photos: end - start, data: data.subarray(start * values, end * values) };
  });
}

/** The outputs of parts of a batch as those of the whole, in the order of the parts. */
export function joinBatches(parts: readonly ReadonlyMap<string, Tensor>[]): Map<string, Tensor> {
  const [first] = parts;
  return new Map(
    [...first.keys()].map((
      name,
    ) => [name, stacked(parts.map((part) => entryOf(part, name, "an output of each part")))]),
  );
}
