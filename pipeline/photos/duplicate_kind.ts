/** How photos are alike that show the same: file for file, or by what is seen. */
export type DuplicateKind = "exact" | "near";

/**
 * How the photos of a group are alike.
 * @param contentOf the hash of a photo's file
 */
export function duplicateKind<Member>(
  members: readonly Member[],
  contentOf: (member: Member) => string,
): DuplicateKind {
  return new Set(members.map(contentOf)).size === 1 ? "exact" : "near";
}
