import type { z } from "zod";
import { leftOutText } from "../../../data/source/left_out.ts";
import type { FilteredPhotos, Scan, SplitPhotos } from "../../photos/photo.ts";

/** What the stages say of the files among the photos to learn from. */
export interface SortedFiles {
  readonly scan: Pick<z.infer<typeof Scan>, "unreadableTrain" | "unlabelled" | "leftOutTrain">;
  readonly filter: Pick<z.infer<typeof FilteredPhotos>, "dropped">;
  readonly split: Pick<SplitPhotos, "dropped">;
}

/**
 * In a line each, the photos that are not evaluated and why, and what lies beside them and is taken for none; no line
 * where there is nothing to tell. With the photos that are evaluated these are all files of the folder.
 */
export function notEvaluated({ scan, filter, split }: SortedFiles): string[] {
  const photos: (readonly [number, string])[] = [
    [split.dropped.length, "dropped by you"],
    [filter.dropped.length, "too small"],
    [scan.unreadableTrain.length, "unreadable"],
    [scan.unlabelled.length, "without a label"],
  ];
  const told = photos.filter(([count]) => count > 0).map((words) => words.join(" ")).join(", ");
  const beside = leftOutText(scan.leftOutTrain);
  return [
    ...told === "" ? [] : [`not evaluated: ${told}`],
    ...beside === "" ? [] : [`left out beside the training photos: ${beside}`],
  ];
}
