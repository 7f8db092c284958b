import { stringify } from "@std/csv/stringify";
import { compareIds } from "../../data/id_order.ts";
import { numericId } from "../../data/labels.ts";

/** The file that the competition takes, in the folder of the stage that predicts. */
export const SUBMISSION_FILE = "submission.csv";

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
 * The competition's file: `id,label`, P(dog), sorted by the number in the file name. Photos that are not named by a
 * number, or by the same one as another photo, come after the others, under their whole name.
 */
export function submissionCsv(predictions: readonly TestPrediction[], clip: number): string {
  const sameNumber = Map.groupBy(predictions, ({ id }) => numericId(id));
  const rows = predictions.map(({ id, pDog }) => {
    const number = numericId(id);
    const isAlone = number !== undefined && sameNumber.get(number)?.length === 1;
    return { id, number: isAlone ? number : Infinity, label: clipped(pDog, clip) };
  });
  rows.sort((a, b) => a.number === b.number ? compareIds(a.id, b.id) : a.number - b.number);
  return stringify([["id", "label"], ...rows.map(({ id, number, label }) => [isFinite(number) ? number : id, label])]);
}
