import { z } from "zod";
import { readTextIfThere } from "../files/atomic_file.ts";
import { UserError } from "../files/user_error.ts";

/** The file in a run's folder that is the user's word on outliers. */
export const REVIEW_FILE = "review.json";

const Review = z.strictObject({
  /** Photos that stay in training, whatever their loss. */
  keep: z.array(z.string()),
  /** Photos that leave training, whatever their loss. */
  drop: z.array(z.string()),
});
export type Review = z.infer<typeof Review>;

/** What stands in the file before the user wrote into it. */
export const EMPTY_REVIEW: Review = { keep: [], drop: [] };

/**
 * Reads the review, or an empty one where there is no file.
 * @throws UserError when it is not of that form, or a photo is in both lists.
 */
export async function readReview(path: string): Promise<Review> {
  const text = await readTextIfThere(path);
  if (text === undefined) return EMPTY_REVIEW;
  const expected = `{ "keep": ["cat.1.jpg"], "drop": ["dog.2.jpg"] }`;
  let review: Review;
  try {
    review = Review.parse(JSON.parse(text));
  } catch {
    throw new UserError(
      `Cannot read ${path}: expected JSON like ${expected}, got something else. Mend it or remove it`,
    );
  }
  const both = review.keep.find((id) => review.drop.includes(id));
  if (both === undefined) return review;
  throw new UserError(`Cannot follow ${path}: expected each photo in one list, got ${both} in both keep and drop`);
}
