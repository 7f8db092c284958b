import { z } from "zod";
import type { Label } from "../../data/labels.ts";
import { LabelSchema } from "../photos/photo.ts";
import type { Review } from "../review/file/review.ts";

/** A training photo that is an outlier. */
export const Outlier = z.object({
  id: z.string(),
  label: LabelSchema,
  pDog: z.number(),
  /** Cross entropy: -ln of the probability given to the label. */
  loss: z.number(),
  /** Why it is an outlier, in words. */
  reason: z.string(),
  /** Whether it leaves training, and on whose word. */
  verdict: z.enum(["set aside", "kept by the review", "kept for its class"]),
});
export type Outlier = z.infer<typeof Outlier>;

/** The output of `rescan`. */
export const RescannedPhotos = z.object({
  /** Worst first. */
  outliers: z.array(Outlier),
  /** The training photos that stay. */
  clean: z.array(z.string()),
});

/** A training photo with its outlier score. */
export interface ScoredPhoto {
  readonly id: string;
  readonly label: Label;
  readonly pDog: number;
  readonly loss: number;
  /** Its place among all photos in the order in which they are looked at, from 0, the worst. */
  readonly place: number;
  /** How far it is over the worst of its thresholds, as a multiple of it; an outlier is over 1, or not a number. */
  readonly score: number;
  /** What the score comes from, in words. */
  readonly reason: string;
}

/** A class loses at most this share of its photos: past it their scores say more about the classifier. */
const LARGEST_SHARE = 0.25;

/**
 * Sets outliers aside, worst first, unless the user keeps it (or has labelled it, which says the same) or its class has
 * lost its share.
 * @returns the outliers, worst first, and the ids of all other photos in the order given.
 */
export function separateOutliers(photos: readonly ScoredPhoto[], { keep, relabel }: Pick<Review, "keep" | "relabel">) {
  const room = { cat: 0, dog: 0 };
  for (const { label } of photos) room[label] += LARGEST_SHARE;
  const outliers: Outlier[] = [];
  const gone = new Set<string>();
  for (const { score, reason, place: _, ...photo } of photos.toSorted((a, b) => a.place - b.place)) {
    if (score <= 1) continue;
    const isKept = keep.has(photo.id) || relabel.has(photo.id);
    const verdict = isKept ? "kept by the review" : room[photo.label] >= 1 ? "set aside" : "kept for its class";
    if (verdict === "set aside") {
      room[photo.label]--;
      gone.add(photo.id);
    }
    outliers.push({ ...photo, reason, verdict });
  }
  return { outliers, clean: photos.filter(({ id }) => !gone.has(id)).map(({ id }) => id) };
}
