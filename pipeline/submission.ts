import { stringify } from "@std/csv/stringify";
import { compareIds, numericId } from "../data/labels.ts";

/** A photo to predict with the probability of a dog. */
export interface TestPrediction {
  readonly id: string;
  readonly pDog: number;
}

/** What a photo gets that could not be read: neither cat nor dog. */
export const UNKNOWN = 0.5;

/** Keeps a probability at least `clip` away from 0 and 1: one sure mistake costs no more than -ln(clip). */
export function clipped(probability: number, clip: number): number {
  return Math.min(Math.max(probability, clip), 1 - clip);
}

/**
 * The competition's file: `id,label`, P(dog), sorted by the number in the file name; photos that are not named by a
 * number come after those that are, under their whole name.
 */
export function submissionCsv(predictions: readonly TestPrediction[], clip: number): string {
  const rows = predictions.toSorted((a, b) => compareIds(a.id, b.id)).map(({ id, pDog }) => [
    numericId(id) ?? id,
    clipped(pDog, clip),
  ]);
  return stringify([["id", "label"], ...rows]);
}
