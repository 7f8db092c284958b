import { byId } from "../../../data/id_order.ts";
import { assignFolds, foldedBy } from "../../photos/folds.ts";
import { FilteredPhotos, type FoldedPhotos, Scan, SplitPhotos } from "../../photos/photo.ts";
import { OUTPUT_FILE } from "../../store/manifest.ts";
import type { Runner } from "../../runner/runner.ts";
import type { StageName } from "../../runner/stage.ts";
import { notEvaluated } from "./not_evaluated.ts";

/** Photos in folds, and those whose labels are the user's and not their names'. */
export interface PhotosToEvaluate {
  readonly folded: FoldedPhotos;
  readonly relabelled: ReadonlySet<string>;
  /** In a line each, what is there besides. */
  readonly others: readonly string[];
}

/**
 * Every labelled photo that a run has kept and the user's review left, dealt into folds, duplicates in one.
 * @throws UserError when a class has fewer different photos than there are folds.
 */
export async function photosToEvaluate(runner: Runner, folds: number): Promise<PhotosToEvaluate> {
  await runner.run({ until: "split" });
  const outputOf = async (stage: StageName): Promise<unknown> =>
    JSON.parse(await (await runner.finished(stage)).readText(OUTPUT_FILE));
  const split = SplitPhotos.parse(await outputOf("split"));
  const scan = Scan.parse(await outputOf("scan"));
  const filter = FilteredPhotos.parse(await outputOf("filter"));
  const { train, validation, undersampled, duplicates, relabelled } = split;
  const photos = [...train, ...validation, ...undersampled].sort(byId);
  const foldOf = assignFolds(photos, duplicates, folds, runner.context.random("evaluate folds"));
  return {
    folded: foldedBy(photos, foldOf),
    relabelled: new Set(relabelled.map(({ id }) => id)),
    others: notEvaluated({ scan, filter, split }),
  };
}
