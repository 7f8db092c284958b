import { closestString } from "@std/text/closest-string";
import { levenshteinDistance } from "@std/text/levenshtein-distance";

/**
 * ` Did you mean webgpu?` after a sentence, where one of the names is near enough to have been meant; nothing otherwise.
 * A name that begins or ends with what was given comes before one that differs in fewer letters.
 */
export function didYouMean(given: string, names: readonly string[]): string {
  const name = nearest(given, names);
  return name === undefined ? "" : ` Did you mean ${name}?`;
}

function nearest(given: string, names: readonly string[]): string | undefined {
  const word = given.toLowerCase();
  if (word === "" || names.length === 0) return undefined;
  const longer = names.filter((name) => name.startsWith(word) || name.endsWith(word));
  if (longer.length === 1) return longer[0];
  const closest = closestString(word, names);
  // Half of the letters in common: what differs in more was no slip of the hand.
  return levenshteinDistance(word, closest) <= Math.max(1, word.length / 2) ? closest : undefined;
}
