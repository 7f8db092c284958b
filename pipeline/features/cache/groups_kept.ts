import type { FeatureGroup } from "../../../model/linear/feature_group.ts";
import { widthOf } from "../../../model/linear/width_of.ts";
import type { PhotoSet } from "../../runner/stage.ts";
import { FUSED_GROUPS } from "../extract/feature_extractor.ts";
import { namedGroups, storedType } from "../store/feature_groups.ts";

/** Groups that a row always has: every recipe but one reads these alone, and so does whoever looks for photos alike. */
function isAlwaysKept(name: string): boolean {
  return FUSED_GROUPS.includes(name) || name.endsWith(".global_max");
}

/** Of the groups that recipes name, those that a photo to predict has not anyway. */
export function groupsBesides(names: readonly string[]): string[] {
  return names.filter((name) => !isAlwaysKept(name)).sort();
}

/**
 * The groups that the row of a photo has, by name: of a labelled photo all, for the rescan and `evaluate` read them all;
 * of one to predict what the recipe reads, and what is always kept.
 * @param besides what `groupsBesides` gives of the recipe's groups
 */
export function groupsKept(set: PhotoSet, groups: readonly FeatureGroup[], besides: readonly string[]): string[] {
  const names = groups.map(({ name }) => name);
  return set === "train" ? names : names.filter((name) => isAlwaysKept(name) || besides.includes(name));
}

const BYTES = { F16: Float16Array.BYTES_PER_ELEMENT, F32: Float32Array.BYTES_PER_ELEMENT } as const;

/** Bytes that the features of a photo take, by all groups that are extracted. */
export function rowBytes(set: PhotoSet, groups: readonly FeatureGroup[], besides: readonly string[] = []): number {
  return widthOf(namedGroups(groups, groupsKept(set, groups, besides))) * BYTES[storedType(groups)];
}
