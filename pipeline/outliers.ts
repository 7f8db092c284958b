import { z } from "zod";
import { Label } from "./photo.ts";
import type { Review } from "./review.ts";

/** A training photo whose label the network does not believe. */
export const Outlier = z.object({
  id: z.string(),
  label: Label,
  pDog: z.number(),
  /** Cross entropy: -ln of the probability given to the label. */
  loss: z.number(),
  /** Whether it leaves training, and on whose word. */
  verdict: z.enum(["set aside", "kept by the review", "dropped by the review"]),
});
export type Outlier = z.infer<typeof Outlier>;

/** The output of `rescan`. */
export const RescannedPhotos = z.object({
  /** Worst first. */
  outliers: z.array(Outlier),
  /** The training photos that stay. */
  clean: z.array(z.string()),
});

/** A training photo with what the trained head says of it. */
export interface JudgedPhoto {
  readonly id: string;
  readonly label: Label;
  readonly pDog: number;
  readonly loss: number;
}

/**
 * Sets aside what has a loss over the threshold, unless the user keeps it, and what the user drops.
 * @returns the outliers, worst first, and the ids of all other photos in the order given.
 */
export function separateOutliers(photos: readonly JudgedPhoto[], threshold: number, review: Review) {
  const keep = new Set(review.keep);
  const drop = new Set(review.drop);
  const outliers: Outlier[] = [];
  const clean: string[] = [];
  for (const photo of photos) {
    const dropped = drop.has(photo.id);
    const kept = keep.has(photo.id);
    const believed = photo.loss <= threshold;
    if (dropped) outliers.push({ ...photo, verdict: "dropped by the review" });
    else if (!believed) outliers.push({ ...photo, verdict: kept ? "kept by the review" : "set aside" });
    if (!dropped && (kept || believed)) clean.push(photo.id);
  }
  outliers.sort((a, b) => b.loss - a.loss || (a.id < b.id ? -1 : 1));
  return { outliers, clean };
}
