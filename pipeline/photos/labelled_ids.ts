import type { z } from "zod";
import { entryOf } from "../../base/entry_of.ts";
import type { LabelledId, ScannedTrainPhotos } from "./photo.ts";

/**
 * The photos of these ids with their labels, in the order of the ids.
 * @throws RangeError when one of them has no label.
 */
export function labelledIds(ids: readonly string[], scan: z.infer<typeof ScannedTrainPhotos>): LabelledId[] {
  const labels = new Map(scan.train.flatMap(({ id, label }) => label ? [[id, label] as const] : []));
  return ids.map((id) => ({ id, label: entryOf(labels, id, "a photo's label") }));
}
