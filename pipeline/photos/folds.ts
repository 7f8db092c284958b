import { type Label, LABELS } from "../../data/labels.ts";
import { UserError } from "../files/user_error.ts";
import type { Random } from "../../data/random.ts";
import { entryOf } from "../../base/entry_of.ts";
import type { FoldedPhotos, LabelledId } from "./photo.ts";
import { unitsOf } from "./split_photos.ts";

/** A fold's number has to fit in a byte. */
export const MAXIMUM_FOLDS = 255;

/**
 * Deals photos into folds for cross-validation: as many of each class in every fold as can be, and duplicates in one
 * fold. Larger groups are dealt first, each where it evens the classes out most; single photos then fill what is left.
 * A photo's fold depends on all ids and the random numbers, not on the order given.
 *
 * @param groups duplicates; photos in none of them stand alone
 * @returns the fold of each photo's id, from 0 to `folds - 1`; without mixed groups no two folds differ in a class by
 * more than the largest group.
 * @throws RangeError on fewer than 2 folds or more than 255, and UserError when a class has fewer pictures than there are folds.
 */
export function assignFolds(
  photos: readonly LabelledId[],
  groups: readonly (readonly string[])[],
  folds: number,
  random: Random,
): Map<string, number> {
  if (!Number.isInteger(folds) || folds < 2 || folds > MAXIMUM_FOLDS) {
    throw new RangeError(`Cannot make ${folds} folds: expected a whole number from 2 to ${MAXIMUM_FOLDS}`);
  }
  const units = unitsOf(photos, groups, random);
  for (const label of LABELS) {
    const pictures = differentPictures(units, label);
    if (pictures < folds) {
      throw new UserError(
        `Cannot make ${folds} folds: expected at least ${folds} different ${label} photos, got ${pictures}. Add ` +
          `photos, or ask for fewer folds`,
      );
    }
  }
  const dealt = Array.from({ length: folds }, () => ({ cat: 0, dog: 0 }));
  const foldOf = new Map<string, number>();
  for (const unit of units.toSorted((a, b) => b.length - a.length)) {
    const cats = unit.filter(({ label }) => label === "cat").length;
    const dogs = unit.length - cats;
    // Half of what the sum of squared counts would grow by, less what is the same in every fold.
    const cost = dealt.map(({ cat, dog }) => cat * cats + dog * dogs);
    const fold = indexOfLeast(cost, dealt.map(({ cat, dog }) => cat + dog));
    dealt[fold].cat += cats;
    dealt[fold].dog += dogs;
    for (const { id } of unit) foldOf.set(id, fold);
  }
  return foldOf;
}

/**
 * Photos with their folds, in one order.
 * @throws RangeError when one of them was dealt into none.
 */
export function foldedBy(photos: readonly LabelledId[], foldOf: ReadonlyMap<string, number>): FoldedPhotos {
  return { photos, folds: Uint8Array.from(photos, ({ id }) => entryOf(foldOf, id, "a photo's fold")) };
}

/** The most folds that can be made: as many as the class with fewer different pictures has. */
export function mostFolds(photos: readonly LabelledId[], groups: readonly (readonly string[])[]): number {
  const units = unitsOf(photos, groups, () => 0);
  return Math.min(...LABELS.map((label) => differentPictures(units, label)));
}

function differentPictures(units: readonly (readonly LabelledId[])[], label: Label): number {
  return units.filter((unit) => unit.some((photo) => photo.label === label)).length;
}

/** The first index of the least value; of equal ones that with the least of the others. */
function indexOfLeast(values: readonly number[], others: readonly number[]): number {
  const isLess = (a: number, b: number) => values[a] < values[b] || (values[a] === values[b] && others[a] < others[b]);
  return values.reduce((least, _, index) => (isLess(index, least) ? index : least), 0);
}
