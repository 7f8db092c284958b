import { entryOf } from "../../data/base/entry_of.ts";
import type { Random } from "../../data/random.ts";
import { sha256 } from "../files/hashing.ts";
import type { LabelledPhoto } from "./photo.ts";

/** Photos that move together: duplicates of one another, or one photo on its own. */
export type Unit = readonly LabelledPhoto[];

/** Draws that make up a key: far more than there are seeds. */
const DRAWS_IN_KEY = 4;

/**
 * What moves together, in an order of chance that follows from the photos' contents: each photo has a number, the hash
 * of its content under a key drawn from `random`, and a unit stands where its photo with the lowest number does. One
 * photo more or less leaves all others in their order, and what photos are called has no part in it.
 * @param groups duplicates; photos in none of them stand alone
 */
export function rankedUnits(
  photos: readonly LabelledPhoto[],
  groups: readonly (readonly string[])[],
  random: Random,
): Unit[] {
  const key = Array.from({ length: DRAWS_IN_KEY }, random).join(" ");
  const rankOf = new Map(photos.map(({ id, sha256: content }) => [id, `${sha256(`${key} ${content}`)} ${id}`]));
  const rank = ({ id }: LabelledPhoto) => entryOf(rankOf, id, "a photo's rank");
  const byRank = (a: LabelledPhoto, b: LabelledPhoto) => (rank(a) < rank(b) ? -1 : 1);
  return unitsOf(photos, groups).map((unit) => unit.toSorted(byRank)).sort(([a], [b]) => byRank(a, b));
}

/** What moves together, in the order given. */
export function unitsOf(photos: readonly LabelledPhoto[], groups: readonly (readonly string[])[]): Unit[] {
  const groupOf = new Map(groups.flatMap((group, index) => group.map((id) => [id, index] as const)));
  return [...Map.groupBy(photos, ({ id }) => groupOf.get(id) ?? id).values()];
}

/** Whether a unit holds photos of both classes: one of its labels is wrong. */
export function isMixed([first, ...others]: Unit): boolean {
  return others.some(({ label }) => label !== first.label);
}
