import { closestString } from "@std/text/closest-string";
import { readTextIfThere } from "../../files/text_file.ts";
import { parseReview, wrongReview } from "./parse_review.ts";

/**
 * Checks that a review can be followed: its form, and that it names photos of the training folder alone.
 * @param list the ids of all files of the training folder; asked only where the review names a photo
 * @throws UserError with the line and the field, and the name that is nearest.
 */
export async function assertReviewNamesPhotos(path: string, list: () => Promise<readonly string[]>): Promise<void> {
  const text = await readTextIfThere(path);
  if (text === undefined) return;
  const { named } = parseReview(path, text);
  if (named.length === 0) return;
  const ids = await list();
  const known = new Set(ids);
  const unknown = named.find(({ id }) => !known.has(id));
  if (!unknown) return;
  const isOfOthers = ids.length === 0 || named.length > 1 && !named.some(({ id }) => known.has(id));
  const advice = isOfOthers
    ? "None of its photos is there. Is --data the right folder? If it is, move the file away"
    : `Did you mean ${closestString(unknown.id, ids)}?`;
  throw wrongReview(path, unknown, "a photo of the training folder", unknown.id || "an empty name", advice);
}
