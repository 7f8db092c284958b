/** What to fit so that every photo can be judged by a fit that has not seen it. */
export interface FoldSubsets {
  /** For each fold 1 for the photos of all other folds, else 0. */
  readonly subsets: readonly Uint8Array[];
  /** For each photo the subset that leaves its fold out. */
  readonly subsetOf: Uint8Array;
}

/**
 * One subset for each fold: everything else.
 * @param folds the number of each photo's fold
 * @throws RangeError when there are not as many numbers as photos
 */
export function foldSubsets(folds: Uint8Array, photos: number): FoldSubsets {
  if (folds.length !== photos) {
    throw new RangeError(`Cannot judge out of fold: expected ${photos} fold numbers, got ${folds.length}`);
  }
  const numbers = [...new Set(folds)].sort((a, b) => a - b);
  return {
    subsets: numbers.map((number) => folds.map((fold) => fold === number ? 0 : 1)),
    subsetOf: folds.map((fold) => numbers.indexOf(fold)),
  };
}
