import { type Random, randomFrom, shuffled } from "../random.ts";
import type { Species } from "./pets/pet.ts";
import { type PhotoTruth, PLANTED, type Planted } from "./truth.ts";

/** How many photos a sample has. */
export interface SampleSize {
  readonly train: number;
  readonly test: number;
}

/** Fewer photos would not hold one of everything that is planted and enough ordinary ones beside. */
export const SMALLEST_SAMPLE: SampleSize = { train: 40, test: 10 };

/** Planted in the training set: the share of its photos, and at least one. */
const TRAINING_SHARES: Readonly<Record<Planted, number>> = {
  white_border: 0.06,
  tiny: 0.01,
  exactly_3600_pixels: 0,
  not_a_picture: 0,
  truncated: 0,
  wrong_label: 0.015,
  no_animal: 0.0075,
  both_animals: 0.0075,
  exact_duplicate: 0.01,
  near_duplicate: 0.015,
};

/** Planted in the test set; its labels are right, for the log loss is measured on it. */
const TEST_SHARES: Readonly<Partial<Record<Planted, number>>> = { white_border: 0.06, tiny: 0.02, not_a_picture: 0 };

/**
 * What every photo will be, before any is drawn: half the labels cats and half dogs, one thing planted in a photo at
 * most, and duplicates made of ordinary photos with the same label. Boxes are known only once a photo is drawn.
 * @throws RangeError when the sample is smaller than `SMALLEST_SAMPLE`.
 */
export function planSample(seed: number, { train, test }: SampleSize): PhotoTruth[] {
  for (const [set, count, least] of [["train", train, SMALLEST_SAMPLE.train], ["test", test, SMALLEST_SAMPLE.test]]) {
    if (!Number.isInteger(count) || count < least) {
      throw new RangeError(`Cannot plan a sample: expected ${least} photos or more to ${set}, got ${count}`);
    }
  }
  return [...planTraining(seed, train), ...planTest(seed, test)];
}

function planTraining(seed: number, count: number): PhotoTruth[] {
  const random = randomFrom(seed, "planted in the training photos");
  const ids: Record<Species, string[]> = { cat: [], dog: [] };
  const plan = new Map<string, PhotoTruth>();
  for (let index = 0; index < count; index++) {
    const label: Species = index % 2 === 0 ? "cat" : "dog";
    const id = `${label}.${Math.floor(index / 2)}`;
    ids[label].push(id);
    plan.set(id, ordinary(id, label));
  }
  const free = { cat: shuffled(ids.cat, random), dog: shuffled(ids.dog, random) };
  // Labels take turns over all that is planted, so that the classes stay equally large and equally hard.
  let turn = 0;
  for (const planted of plantedList(TRAINING_SHARES, count)) {
    const label: Species = turn++ % 2 === 0 ? "cat" : "dog";
    const id = take(free[label]);
    const isCopy = planted === "exact_duplicate" || planted === "near_duplicate";
    plan.set(id, {
      ...ordinary(id, label),
      planted,
      species: plantedSpecies(planted, label),
      ...(isCopy ? { duplicateOf: take(free[label]) } : {}),
    });
  }
  return [...plan.values()];
}

function ordinary(id: string, label: Species): PhotoTruth {
  return { id, set: "train", file: `train/${id}.jpg`, label, species: label };
}

function planTest(seed: number, count: number): PhotoTruth[] {
  const random = randomFrom(seed, "planted in the test photos");
  const planted = plantedList(TEST_SHARES, count);
  const order = shuffled(Array.from({ length: count }, (_, index) => index), random);
  const species = shuffledSpecies(count, random);
  return Array.from({ length: count }, (_, index) => {
    const id = String(index + 1);
    const photo = { id, set: "test" as const, file: `test/${id}.jpg` };
    if (order[index] >= planted.length) return { ...photo, species: species[index] };
    const flaw = planted[order[index]];
    return { ...photo, species: plantedSpecies(flaw, species[index]), planted: flaw };
  });
}

function shuffledSpecies(count: number, random: Random): Species[] {
  return shuffled(Array.from({ length: count }, (_, index): Species => index % 2 === 0 ? "cat" : "dog"), random);
}

/** Each planted thing as often as its share of `count` says, once at least. */
function plantedList(shares: Readonly<Partial<Record<Planted, number>>>, count: number): Planted[] {
  const kinds: readonly Planted[] = PLANTED.filter((kind) => shares[kind] !== undefined);
  return kinds.flatMap((kind) => new Array<Planted>(Math.max(1, Math.round((shares[kind] ?? 0) * count))).fill(kind));
}

function plantedSpecies(planted: Planted, label: Species): PhotoTruth["species"] {
  switch (planted) {
    case "wrong_label":
      return label === "cat" ? "dog" : "cat";
    case "both_animals":
      return "both";
    case "no_animal":
    case "not_a_picture":
      return "none";
    default:
      return label;
  }
}

function take(free: string[]): string {
  const id = free.pop();
  if (id === undefined) throw new RangeError("Cannot plan a sample: expected an ordinary photo that is left, got none");
  return id;
}
