import { isOutlierTier } from "./known_outliers.ts";

/** How many of the photos that a ranking puts first are looked at: the yardstick of the rescan. */
export const LOOKED_AT = [30, 60] as const;

const ORDINARY = "ordinary";

/** What stands in a ranking's first places. */
export interface FoundOutliers {
  /** How many photos were looked at. */
  readonly first: number;
  /** Known outliers among them. */
  readonly outliers: number;
  /** The share of all known outliers that this is. */
  readonly recall: number;
  /** The share of known outliers in what was looked at. */
  readonly precision: number;
  /** How many of what was looked at are of each tier; photos without one are `ordinary`. */
  readonly tiers: Readonly<Record<string, number>>;
}

/**
 * Counts the known outliers in a ranking's first places.
 * @param ranking ids, the worst first
 * @param tiers of the photos that have one
 */
export function foundAmong(
  ranking: readonly string[],
  tiers: ReadonlyMap<string, string>,
  first: number,
): FoundOutliers {
  const looked = ranking.slice(0, first);
  const counts: Record<string, number> = {};
  for (const id of looked) {
    const tier = tiers.get(id) ?? ORDINARY;
    counts[tier] = (counts[tier] ?? 0) + 1;
  }
  const outliers = looked.filter((id) => isOutlierTier(tiers.get(id))).length;
  const known = ranking.filter((id) => isOutlierTier(tiers.get(id))).length;
  return { first, outliers, recall: outliers / known, precision: outliers / looked.length, tiers: counts };
}
