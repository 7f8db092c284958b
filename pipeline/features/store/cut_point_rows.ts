import { crc32 } from "node:zlib";
import { z } from "zod";
import { Safetensors, type StoredArray, storedTensor, writeSafetensors } from "../../../model/weights/safetensors.ts";
import type { Tensor } from "../../../model/tensor.ts";

const Count = z.number().int().nonnegative();

/** Where the rows of a shard's activations at cut points lie and what their checksums are, by the backbone's prefix. */
export const CutPointRows = z.record(
  z.string(),
  z.object({
    /** Where the first row begins in the file; the others follow without gaps. */
    start: Count,
    /** Of one row: `[channels, height, width]`. */
    shape: z.array(Count),
    /** One a row. */
    crc32: z.array(Count),
  }),
);
export type CutPointRows = z.infer<typeof CutPointRows>;

/**
 * A shard's activations at cut points as a file, in float16, and what it takes to read one row and to know that it is whole.
 * @param cutPoints by backbone's prefix, `[photos, channels, height, width]`
 */
export function cutPointShard(
  cutPoints: ReadonlyMap<string, Tensor>,
): { file: Uint8Array<ArrayBuffer>; rows: CutPointRows } {
  const arrays = new Map<string, StoredArray>();
  for (const [prefix, activation] of cutPoints) arrays.set(prefix, storedTensor(activation, "F16"));
  const file = writeSafetensors(arrays);
  const rows: CutPointRows = {};
  for (const [prefix, { shape: [photos, ...shape], start, end }] of new Safetensors(file).entries) {
    const bytes = (end - start) / photos;
    const rowAt = (row: number) => file.subarray(start + row * bytes, start + (row + 1) * bytes);
    rows[prefix] = { start, shape, crc32: Array.from({ length: photos }, (_, row) => crc32(rowAt(row))) };
  }
  return { file, rows };
}
