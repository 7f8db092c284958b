import { z } from "zod";
import { entryOf } from "../../data/base/entry_of.ts";
import { duplicateGroups } from "../../data/duplicates.ts";
import { sha256 } from "../files/hashing.ts";
import { readReview } from "../review/file/read_review.ts";
import { type Review, REVIEW_FILE, wordOnLabels } from "../review/file/review.ts";
import { reviewedPhotos } from "../review/file/reviewed_photos.ts";
import { FilteredPhotos, ScannedTrainPhotos, SplitPhotos, TrimmedTrainPhotos } from "../photos/photo.ts";
import { splitPhotos } from "../photos/split_photos.ts";
import { defineStage, type StageTools } from "../runner/stage.ts";
import { UserError } from "../files/user_error.ts";

type Warns = Pick<StageTools, "warn">;

/**
 * Settles which photos take part and under which label, by the user's review first, and divides them into those that
 * train and those that validate, duplicates on one side. No stage after it looks at a photo's name for its label.
 */
export const split = defineStage({
  name: "split",
  version: 3,
  inputs: z.object({ scan: ScannedTrainPhotos, trim: TrimmedTrainPhotos, filter: FilteredPhotos }),
  output: SplitPhotos,
  tools: ["runFolder", "random", "warn"],
  params: (config) => ({ seed: config.seed, trainShare: config.hyperparameters.trainShare }),
  external: async (_, { runFolder }) => ({
    "the review": sha256(wordOnLabels(await readReview(runFolder.path(REVIEW_FILE)))),
  }),
  async run({ scan, trim, filter }, { trainShare }, tools) {
    const review = await readReview(tools.runFolder.path(REVIEW_FILE));
    const kept = new Set(filter.kept);
    const named = scan.train.filter(({ id }) => kept.has(id));
    const { photos, dropped, relabelled } = reviewedPhotos(named, review);
    warnOfLeftOut(review, kept, tools);
    const hashes = new Map(trim.train.map(({ id, hash }) => [id, hash]));
    const fingerprints = (some: readonly { readonly id: string; readonly sha256: string }[]) =>
      some.map(({ id, sha256 }) => ({ id, sha256, hash: entryOf(hashes, id, "a photo's perceptual hash") }));
    const duplicates = duplicateGroups(fingerprints(photos));
    if (dropped.length > 0) warnOfCopies(duplicateGroups(fingerprints(named)), new Set(dropped), tools);
    const labels = new Map(photos.map(({ id, label }) => [id, label]));
    const mixed = duplicates.filter((group) => new Set(group.map((id) => labels.get(id))).size > 1);
    for (const group of mixed) {
      tools.warn(`${group.join(" and ")} show the same under both labels: one of them is wrong`);
    }
    const sides = splitPhotos(photos, duplicates, trainShare, tools.random("order"));
    for (const side of ["train", "validation"] as const) {
      if (sides[side].length === 0) {
        throw new UserError(
          `Cannot split ${photos.length} photos: expected enough of each class for training and validation, got none ` +
            `for ${side}. Add photos, at least five of each class that are not copies of one another`,
        );
      }
    }
    return {
      output: { ...sides, duplicates, dropped, relabelled },
      counts: {
        train: sides.train.length,
        validation: sides.validation.length,
        undersampled: sides.undersampled.length,
        "groups of duplicates": duplicates.length,
        "of them under both labels": mixed.length,
        "dropped by you": dropped.length,
        "relabelled by you": relabelled.length,
      },
    };
  },
});

/** Another label gets no photo past what is asked of every photo. */
function warnOfLeftOut({ relabel }: Review, kept: ReadonlySet<string>, tools: Warns): void {
  for (const id of relabel.keys()) {
    if (kept.has(id)) continue;
    tools.warn(`${REVIEW_FILE} relabels ${id}, which is left out all the same: it cannot be read, or is too small`);
  }
}

/**
 * The user's word is on a file; another that shows the same is the user's to drop as well, where none is wanted. Who
 * keeps one photo of each group means it: one line tells of all groups.
 */
function warnOfCopies(
  groups: readonly (readonly string[])[],
  dropped: ReadonlySet<string>,
  tools: Warns,
): void {
  const divided = groups
    .map((group) => ({ gone: group.filter((id) => dropped.has(id)), left: group.filter((id) => !dropped.has(id)) }))
    .filter(({ gone, left }) => gone.length > 0 && left.length > 0);
  const [first] = divided;
  if (!first) return;
  const others = divided.length - 1;
  const more = others === 0 ? "" : `, and so on in ${others} more ${others === 1 ? "group" : "groups"} of duplicates`;
  tools.warn(
    `${REVIEW_FILE} drops ${first.gone.join(" and ")}, but not ${first.left.join(" and ")}, which shows the same` +
      `${more}. Nothing is wrong with that if one is to stay; if none is, drop the others too`,
  );
}
