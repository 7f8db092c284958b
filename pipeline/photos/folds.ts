import { type Label, LABELS } from "../../data/labels.ts";
import { UserError } from "../files/user_error.ts";
import type { Random } from "../../data/random.ts";
import { entryOf } from "../../data/base/entry_of.ts";
import type { FoldedPhotos, LabelledId, LabelledPhoto } from "./photo.ts";
import { isMixed, rankedUnits, type Unit, unitsOf } from "./units.ts";

/** A fold's number has to fit in a byte. */
export const MAXIMUM_FOLDS = 255;

/**
 * Deals photos into folds for cross-validation: as many of each class in every fold as can be, and duplicates in one
 * fold. Larger groups are dealt first; single photos then fill what is left. How many units go into each fold follows
 * from how many there are; which ones, from their order by content, of which each fold gets a stretch. So one photo more
 * or less moves fewer others than there are folds, and neither names nor the order given have a part in it.
 *
 * @param groups duplicates; photos in none of them stand alone
 * @returns the fold of each photo's id, from 0 to `folds - 1`; without mixed groups no two folds differ in a class by
 * more than the largest group.
 * @throws RangeError on fewer than 2 folds or more than 255, and UserError when a class has fewer pictures than there are folds.
 */
export function assignFolds(
  photos: readonly LabelledPhoto[],
  groups: readonly (readonly string[])[],
  folds: number,
  random: Random,
): Map<string, number> {
  if (!Number.isInteger(folds) || folds < 2 || folds > MAXIMUM_FOLDS) {
    throw new RangeError(`Cannot make ${folds} folds: expected a whole number from 2 to ${MAXIMUM_FOLDS}`);
  }
  const units = rankedUnits(photos, groups, random);
  for (const label of LABELS) {
    const pictures = differentPictures(units, label);
    if (pictures < folds) throw tooFewForFolds(folds, label, pictures);
  }
  const foldOf = new Map<string, number>();
  const dealt = { cat: new Array<number>(folds).fill(0), dog: new Array<number>(folds).fill(0) };
  const deal = (some: readonly Unit[], counts: readonly number[]) => {
    let next = 0;
    counts.forEach((count, fold) => {
      for (const { id, label } of some.slice(next, next += count).flat()) {
        foldOf.set(id, fold);
        dealt[label][fold]++;
      }
    });
  };
  const mixed = units.filter(isMixed);
  deal(mixed, evenCounts(mixed.length, 1, dealt.cat.slice()));
  for (const label of LABELS) {
    const pure = units.filter((unit) => !isMixed(unit) && unit[0].label === label);
    const bySize = Map.groupBy(pure, ({ length }) => length);
    for (const size of [...bySize.keys()].sort((a, b) => b - a)) {
      const some = entryOf(bySize, size, "a size of groups");
      // Dogs that are over go into the last folds, as cats into the first: no fold gets more than its part of both.
      const counts = label === "cat"
        ? evenCounts(some.length, size, dealt.cat.slice())
        : evenCounts(some.length, size, dealt.dog.toReversed()).reverse();
      deal(some, counts);
    }
  }
  return foldOf;
}

/** The error for a class with fewer different photos than there are folds. */
export function tooFewForFolds(folds: number, label: Label, photos: number): UserError {
  return new UserError(
    `Cannot make ${folds} folds: expected at least ${folds} different ${label} photos, got ${photos}. Add photos, or ` +
      `ask for fewer folds`,
  );
}

/**
 * How many units each fold gets when one after another goes where there are fewest photos, the first fold of equal ones.
 * @param size of each unit, in photos
 * @param photos in each fold before; counted on
 */
function evenCounts(units: number, size: number, photos: number[]): number[] {
  const counts = photos.map(() => 0);
  for (let unit = 0; unit < units; unit++) {
    const fold = photos.indexOf(Math.min(...photos));
    photos[fold] += size;
    counts[fold]++;
  }
  return counts;
}

/**
 * Photos with their folds, in one order.
 * @throws RangeError when one of them was dealt into none.
 */
export function foldedBy(photos: readonly LabelledId[], foldOf: ReadonlyMap<string, number>): FoldedPhotos {
  return { photos, folds: Uint8Array.from(photos, ({ id }) => entryOf(foldOf, id, "a photo's fold")) };
}

/** The most folds that can be made: as many as the class with fewer different pictures has. */
export function mostFolds(photos: readonly LabelledPhoto[], groups: readonly (readonly string[])[]): number {
  const units = unitsOf(photos, groups);
  return Math.min(...LABELS.map((label) => differentPictures(units, label)));
}

function differentPictures(units: readonly Unit[], label: Label): number {
  return units.filter((unit) => unit.some((photo) => photo.label === label)).length;
}
