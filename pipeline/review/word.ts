import { z } from "zod";
import { LABELS } from "../../data/labels.ts";
import type { Review } from "./file/review.ts";

/** What the user says of a photo: it stays, it goes, or what it shows. */
export const Word = z.enum(["keep", "drop", ...LABELS]);
export type Word = z.infer<typeof Word>;

/** A photo with the word that it is to have; none takes back what was said. */
export interface Change {
  readonly id: string;
  readonly word: Word | undefined;
}

/** What a review says of a photo. */
export function wordOf({ keep, drop, relabel }: Review, id: string): Word | undefined {
  return keep.has(id) ? "keep" : drop.has(id) ? "drop" : relabel.get(id);
}

/** What a word makes of a photo. */
export type ReviewState = "undecided" | "kept" | "dropped" | "relabelled";

export function stateOf(word: Word | undefined): ReviewState {
  if (word === undefined) return "undecided";
  return word === "keep" ? "kept" : word === "drop" ? "dropped" : "relabelled";
}
