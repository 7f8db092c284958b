import { join } from "@std/path";
import { labelOf, LABELS } from "../../../data/labels.ts";
import { readReview } from "../../review/file/read_review.ts";
import { REVIEW_FILE } from "../../review/file/review.ts";
import { tooFewForFolds } from "../../photos/folds.ts";
import type { Runner } from "../../runner/runner.ts";
import { findKnownOutliers } from "../yardstick/known_outliers.ts";

/**
 * Checks by the photos' names alone, before any stage runs, that they can be dealt into folds and that a file of outliers
 * is one. What only the photos' contents tell, `assignFolds` finds.
 * @throws UserError when a class has fewer photos than there are folds, or the file names none of them.
 */
export async function assertCanEvaluate(
  { config, context }: Runner,
  folds: number,
  outliersFile: string | undefined,
): Promise<void> {
  const { drop, relabel } = await readReview(join(config.out, REVIEW_FILE));
  const ids = (await (await context.photos("train")).list()).map(({ id }) => id).filter((id) => !drop.has(id));
  for (const label of LABELS) {
    const count = ids.filter((id) => (relabel.get(id) ?? labelOf(id)) === label).length;
    if (count < folds) throw tooFewForFolds(folds, label, count);
  }
  if (outliersFile !== undefined) await findKnownOutliers(config.data, ids, outliersFile);
}
