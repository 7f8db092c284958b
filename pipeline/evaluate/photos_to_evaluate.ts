import type { z } from "zod";
import { assignFolds, foldedBy } from "../photos/folds.ts";
import { labelledIds } from "../photos/labelled_ids.ts";
import { FilteredPhotos, type FoldedPhotos, ScannedPhotos, SplitPhotos } from "../photos/photo.ts";
import { OUTPUT_FILE } from "../store/manifest.ts";
import type { Runner } from "../runner/runner.ts";
import type { StageName } from "../runner/stage.ts";

/**
 * Every labelled photo that a run has kept, dealt into folds, duplicates in one.
 * @throws UserError when a class has fewer different photos than there are folds.
 */
export async function photosToEvaluate(runner: Runner, folds: number): Promise<FoldedPhotos> {
  await runner.run({ until: "split" });
  const { kept } = await outputOf(runner, "filter", FilteredPhotos);
  const { duplicates } = await outputOf(runner, "split", SplitPhotos);
  const photos = labelledIds(kept.toSorted(), await outputOf(runner, "scan", ScannedPhotos));
  return foldedBy(photos, assignFolds(photos, duplicates, folds, runner.context.random("evaluate folds")));
}

async function outputOf<Schema extends z.ZodType>(
  runner: Runner,
  stage: StageName,
  schema: Schema,
): Promise<z.output<Schema>> {
  return schema.parse(JSON.parse(await (await runner.finished(stage)).readText(OUTPUT_FILE)));
}
