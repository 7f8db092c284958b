import { byId } from "../../data/id_order.ts";
import { type Label, LABELS } from "../../data/labels.ts";
import type { Random } from "../../data/random.ts";
import type { LabelledPhoto } from "./photo.ts";
import { isMixed, rankedUnits, type Unit } from "./units.ts";

/** Photos on each side, and those left out; each list in the order of ids. */
export interface Split {
  readonly train: LabelledPhoto[];
  readonly validation: LabelledPhoto[];
  readonly undersampled: LabelledPhoto[];
}

/**
 * Splits photos into training and validation, the same share within each class, as many cats as dogs in training.
 *
 * Duplicates go as one: a picture never stands on both sides. As many photos of each class take part as the smaller
 * class has; the rest of the larger class is left out (undersampled). Which photos go where follows from their contents
 * and the random numbers, not from their names or the order given: of photos without duplicates, one more or less moves
 * no more than three others. Groups that are too large for validation come first, then duplicates under both labels,
 * and so into training, where the rescan sees them: elsewhere a change of one class would reach the other through them.
 *
 * @param groups duplicates; photos in none of them stand alone
 * @param trainShare the share of each class that trains, e.g. .8
 */
export function splitPhotos(
  photos: readonly LabelledPhoto[],
  groups: readonly (readonly string[])[],
  trainShare: number,
  random: Random,
): Split {
  const ranked = rankedUnits(photos, groups, random);
  const smallerClass = Math.min(...LABELS.map((l) => photos.filter((p) => p.label === l).length));
  const trainTarget = Math.round(smallerClass * trainShare);
  const validationTarget = smallerClass - trainTarget;

  // What is too large for validation is taken first: left over, it would take up photos that validation could have had.
  const fits = (unit: Unit) => LABELS.every((l) => unit.filter(({ label }) => label === l).length <= validationTarget);
  const turn = (unit: Unit) => fits(unit) ? isMixed(unit) ? 1 : 2 : 0;
  const units = ranked.toSorted((a, b) => turn(a) - turn(b));
  const train = takeUpTo(units, { cat: trainTarget, dog: trainTarget });
  const validation = takeUpTo(train.left, { cat: validationTarget, dog: validationTarget });

  const { balanced, undersampled } = balance(train.taken.flat());
  return {
    train: balanced.sort(byId),
    validation: validation.taken.flat().sort(byId),
    undersampled: [...validation.left.flat(), ...undersampled].sort(byId),
  };
}

/** Takes units in order as long as no class goes over its target. */
function takeUpTo(units: readonly Unit[], target: Record<Label, number>) {
  const room = { ...target };
  const taken: Unit[] = [];
  const left: Unit[] = [];
  for (const unit of units) {
    const cats = unit.filter(({ label }) => label === "cat").length;
    const dogs = unit.length - cats;
    if (cats <= room.cat && dogs <= room.dog) {
      room.cat -= cats;
      room.dog -= dogs;
      taken.push(unit);
    } else left.push(unit);
  }
  return { taken, left };
}

/** As many of each class as the smaller one has, and the rest. */
function balance(train: readonly LabelledPhoto[]) {
  const cats = train.filter(({ label }) => label === "cat");
  const dogs = train.filter(({ label }) => label === "dog");
  const each = Math.min(cats.length, dogs.length);
  return {
    balanced: [...cats.slice(0, each), ...dogs.slice(0, each)],
    undersampled: [...cats.slice(each), ...dogs.slice(each)],
  };
}
