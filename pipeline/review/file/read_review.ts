import { readTextIfThere } from "../../files/text_file.ts";
import { parseReview } from "./parse_review.ts";
import { EMPTY_REVIEW, type Review } from "./review.ts";

/**
 * Reads the review, or an empty one where there is no file.
 * @throws UserError with the line and the field, when it is not of that form or names a photo in two places.
 */
export async function readReview(path: string): Promise<Review> {
  const text = await readTextIfThere(path);
  return text === undefined ? EMPTY_REVIEW : parseReview(path, text).review;
}
