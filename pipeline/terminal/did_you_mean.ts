import { closestString } from "@std/text/closest-string";
import { levenshteinDistance } from "@std/text/levenshtein-distance";

/**
 * ` Did you mean webgpu?` after a sentence, where one of the names is near enough to have been meant; nothing otherwise.
 */
export function didYouMean(given: string, names: readonly string[]): string {
  const name = nearestName(given, names);
  return name === undefined ? "" : ` Did you mean ${name}?`;
}

/** The name that is near enough to have been meant, if there is one. */
export function nearestName(given: string, names: readonly string[]): string | undefined {
  const word = given.toLowerCase();
  if (word === "" || names.length === 0) return undefined;
  // The end of a name, `gpu`, says more than letters in common with another.
  const longer = names.filter((name) => name.startsWith(word) || name.endsWith(word));
  if (longer.length === 1) return longer[0];
  const closest = closestString(word, names);
  // What differs in more than a third of its letters was no slip of the hand.
  return levenshteinDistance(word, closest) <= Math.max(1, word.length / 3) ? closest : undefined;
}
