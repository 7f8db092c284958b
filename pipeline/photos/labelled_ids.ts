import type { z } from "zod";
import type { LabelledId, ScannedTrainPhotos } from "./photo.ts";

/**
 * The photos of these ids with their labels, in the order of the ids.
 * @throws RangeError when one of them has no label.
 */
export function labelledIds(ids: readonly string[], scan: z.infer<typeof ScannedTrainPhotos>): LabelledId[] {
  const labels = new Map(scan.train.map(({ id, label }) => [id, label]));
  return ids.map((id) => {
    const label = labels.get(id);
    if (label) return { id, label };
    throw new RangeError(`Cannot look up the label of ${id}: expected a labelled photo, got none of that id`);
  });
}
