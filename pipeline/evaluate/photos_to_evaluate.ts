import { byId } from "../../data/id_order.ts";
import { assignFolds, foldedBy } from "../photos/folds.ts";
import { type FoldedPhotos, SplitPhotos } from "../photos/photo.ts";
import { OUTPUT_FILE } from "../store/manifest.ts";
import type { Runner } from "../runner/runner.ts";

/** Photos in folds, and those whose labels are the user's and not their names'. */
export interface PhotosToEvaluate {
  readonly folded: FoldedPhotos;
  readonly relabelled: ReadonlySet<string>;
}

/**
 * Every labelled photo that a run has kept and the user's review left, dealt into folds, duplicates in one.
 * @throws UserError when a class has fewer different photos than there are folds.
 */
export async function photosToEvaluate(runner: Runner, folds: number): Promise<PhotosToEvaluate> {
  await runner.run({ until: "split" });
  const { train, validation, undersampled, duplicates, relabelled } = SplitPhotos.parse(
    JSON.parse(await (await runner.finished("split")).readText(OUTPUT_FILE)),
  );
  const photos = [...train, ...validation, ...undersampled].sort(byId);
  const foldOf = assignFolds(photos, duplicates, folds, runner.context.random("evaluate folds"));
  return { folded: foldedBy(photos, foldOf), relabelled: new Set(relabelled.map(({ id }) => id)) };
}
