import type { z } from "zod";
import type { LabelledId, ScannedTrainPhotos } from "./photo.ts";

/** The photos of these ids with their labels, in the order of the ids. */
export function labelledIds(ids: readonly string[], scan: z.infer<typeof ScannedTrainPhotos>): LabelledId[] {
  const labels = new Map(scan.train.map(({ id, label }) => [id, label]));
  return ids.flatMap((id) => {
    const label = labels.get(id);
    return label ? [{ id, label }] : [];
  });
}
