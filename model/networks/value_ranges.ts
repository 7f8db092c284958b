/** The least and the greatest of some numbers. */
export interface ValueRange {
  readonly least: number;
  readonly greatest: number;
}

/** What a network's values are like: each one's range over some photos, by the value's name. */
export type ValueRanges = ReadonlyMap<string, ValueRange>;

/** The ranges of values over two sets of photos together. */
export function mergedRanges(some: ValueRanges, others: ValueRanges): ValueRanges {
  const merged = new Map(some);
  for (const [name, range] of others) {
    const { least, greatest } = merged.get(name) ?? range;
    merged.set(name, { least: Math.min(least, range.least), greatest: Math.max(greatest, range.greatest) });
  }
  return merged;
}
