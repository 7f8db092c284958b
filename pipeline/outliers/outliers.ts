import { z } from "zod";
import type { Label } from "../../data/labels.ts";
import { LabelSchema } from "../photos/photo.ts";
import type { Review } from "./review.ts";

/** A training photo that is an outlier. */
export const Outlier = z.object({
  id: z.string(),
  label: LabelSchema,
  pDog: z.number(),
  /** Cross entropy: -ln of the probability given to the label. */
  loss: z.number(),
  /** Why it is an outlier, in words; null when only the user's review drops it. */
  reason: z.string().nullable(),
  /** Whether it leaves training, and on whose word. */
  verdict: z.enum(["set aside", "kept by the review", "kept for its class", "dropped by the review"]),
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
 * Sets outliers aside, worst first, unless the user keeps it or its class has lost its share, and what the user
 * drops.
 * @returns the outliers, worst first, and the ids of all other photos in the order given.
 */
export function separateOutliers(photos: readonly ScoredPhoto[], review: Review) {
  const keep = new Set(review.keep);
  const drop = new Set(review.drop);
  const room = { cat: 0, dog: 0 };
  for (const { label } of photos) room[label] += LARGEST_SHARE;
  const outliers: Outlier[] = [];
  const gone = new Set<string>();
  for (const { score, reason, place: _, ...photo } of photos.toSorted((a, b) => a.place - b.place)) {
    const isOutlier = !(score <= 1);
    if (!isOutlier && !drop.has(photo.id)) continue;
    const verdict = verdictOn(photo.id, keep, drop, room[photo.label] >= 1);
    if (verdict === "set aside") room[photo.label]--;
    if (verdict === "set aside" || verdict === "dropped by the review") gone.add(photo.id);
    outliers.push({ ...photo, reason: isOutlier ? reason : null, verdict });
  }
  return { outliers, clean: photos.filter(({ id }) => !gone.has(id)).map(({ id }) => id) };
}

function verdictOn(
  id: string,
  keep: ReadonlySet<string>,
  drop: ReadonlySet<string>,
  hasRoom: boolean,
): Outlier["verdict"] {
  if (drop.has(id)) return "dropped by the review";
  if (keep.has(id)) return "kept by the review";
  return hasRoom ? "set aside" : "kept for its class";
}
