import type { Undone } from "../../../review/review_journal.ts";

/** What taking a decision back did, in words. */
export function takenBack({ decision, left }: Undone): string {
  const ids = decision.photos.map(({ id }) => id);
  const what = ids.length === 1 ? ids[0] : `${ids.length} photos`;
  return `Taken back: ${what}${left.length > 0 ? "; what was changed since stays" : ""}`;
}
