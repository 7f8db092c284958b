import { byId, compareCodeUnits } from "../../data/id_order.ts";
import { type Label, LABELS } from "../../data/labels.ts";
import { type Random, shuffled } from "../../data/random.ts";
import type { LabelledId } from "./photo.ts";

/** Ids on each side, and those left out; each list sorted. */
export interface Split {
  readonly train: string[];
  readonly validation: string[];
  readonly undersampled: string[];
}

/**
 * Splits photos into training and validation, the same share within each class, as many cats as dogs in training.
 *
 * Duplicates go as one: a picture never stands on both sides. As many photos of each class take part as the smaller
 * class has; the rest of the larger class is left out (undersampled). Which photos go where depends on the ids and the
 * random numbers, not on the order given.
 *
 * @param groups duplicates; photos in none of them stand alone
 * @param trainShare the share of each class that trains, e.g. .8
 */
export function splitPhotos(
  photos: readonly LabelledId[],
  groups: readonly (readonly string[])[],
  trainShare: number,
  random: Random,
): Split {
  const shuffledUnits = unitsOf(photos, groups, random);
  const smallerClass = Math.min(...LABELS.map((l) => photos.filter((p) => p.label === l).length));
  const trainTarget = Math.round(smallerClass * trainShare);
  const validationTarget = smallerClass - trainTarget;

  // What is too large for validation is taken first: left over, it would take up photos that validation could have had.
  const fits = (unit: readonly LabelledId[]) =>
    LABELS.every((l) => unit.filter(({ label }) => label === l).length <= validationTarget);
  const units = [...shuffledUnits.filter((unit) => !fits(unit)), ...shuffledUnits.filter(fits)];
  const train = takeUpTo(units, { cat: trainTarget, dog: trainTarget });
  const validation = takeUpTo(train.left, { cat: validationTarget, dog: validationTarget });

  const undersampled = validation.left.flat();
  const balanced = balance(train.taken.flat(), undersampled);
  const ids = (list: readonly LabelledId[]) => list.map(({ id }) => id).sort();
  return { train: ids(balanced), validation: ids(validation.taken.flat()), undersampled: ids(undersampled) };
}

/** What moves together, groups of duplicates and single photos, shuffled. */
export function unitsOf(
  photos: readonly LabelledId[],
  groups: readonly (readonly string[])[],
  random: Random,
): LabelledId[][] {
  const groupOf = new Map<string, number>();
  groups.forEach((group, index) => group.forEach((id) => groupOf.set(id, index)));
  const units = new Map<string, LabelledId[]>();
  for (const photo of photos.toSorted(byId)) {
    const group = groupOf.get(photo.id);
    const key = group === undefined ? `photo ${photo.id}` : `group ${[...groups[group]].sort()[0]}`;
    units.set(key, [...(units.get(key) ?? []), photo]);
  }
  const inOrder = [...units].sort(([a], [b]) => compareCodeUnits(a, b)).map(([, unit]) => unit);
  return shuffled(inOrder, random);
}

/** Takes units in order as long as no class goes over its target. */
function takeUpTo(units: readonly LabelledId[][], target: Record<Label, number>) {
  const room = { ...target };
  const taken: LabelledId[][] = [];
  const left: LabelledId[][] = [];
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

/** Moves photos of the class that has more from `train` to `undersampled` until both classes have as many. */
function balance(train: readonly LabelledId[], undersampled: LabelledId[]): LabelledId[] {
  const cats = train.filter(({ label }) => label === "cat");
  const dogs = train.filter(({ label }) => label === "dog");
  const each = Math.min(cats.length, dogs.length);
  undersampled.push(...cats.slice(each), ...dogs.slice(each));
  return [...cats.slice(0, each), ...dogs.slice(0, each)];
}
