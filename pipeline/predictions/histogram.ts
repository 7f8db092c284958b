/**
 * The bin of a probability, of `bins` equal intervals from 0 to 1; the last one includes 1.
 * @throws RangeError on a value outside 0 to 1.
 */
export function binOf(probability: number, bins: number): number {
  if (!(probability >= 0 && probability <= 1)) {
    throw new RangeError(`Cannot bin a probability: expected a value between 0 and 1, got ${probability}`);
  }
  return Math.min(Math.floor(probability * bins), bins - 1);
}

/**
 * How many probabilities fall in each of `bins` equal intervals from 0 to 1.
 * @throws RangeError on a value outside 0 to 1.
 */
export function histogram(probabilities: readonly number[], bins: number): number[] {
  const counts = new Array<number>(bins).fill(0);
  for (const probability of probabilities) counts[binOf(probability, bins)]++;
  return counts;
}
