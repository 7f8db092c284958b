import type { FeatureGroup } from "./feature_group.ts";

/** Features a photo in some groups. */
export function widthOf(groups: readonly FeatureGroup[]): number {
  return groups.reduce((sum, { width }) => sum + width, 0);
}
