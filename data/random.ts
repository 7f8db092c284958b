import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";

/** Numbers drawn uniformly from [0, 1). */
export type Random = () => number;

/**
 * A generator that gives the same numbers for the same seed and the same purpose, on every machine.
 * Purposes keep streams apart: one more draw in the split does not change the initial weights.
 */
export function randomFrom(seed: number, purpose: string): Random {
  let mixed = seed | 0;
  for (const character of purpose) mixed = Math.imul(mixed ^ character.charCodeAt(0), 0x01000193);
  const generator = xoroshiro128plus(mixed);
  return () => (generator.next() >>> 0) / 0x1_0000_0000;
}

/** A shuffled copy (Fisher and Yates). */
export function shuffled<T>(items: readonly T[], random: Random): T[] {
  const copy = [...items];
  for (let last = copy.length - 1; last > 0; last--) {
    const other = Math.floor(random() * (last + 1));
    [copy[last], copy[other]] = [copy[other], copy[last]];
  }
  return copy;
}
