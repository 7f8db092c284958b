import type { Label } from "../../data/labels.ts";
import type { Random } from "../../data/random.ts";
import { bootstrapped, type Estimate, RESAMPLES } from "../predictions/bootstrap.ts";
import { LEAST_CLIP, logLoss, predictedLabel } from "../predictions/metrics.ts";
import { clipped } from "../predictions/submission.ts";
import type { PhotoSet } from "../runner/stage.ts";
import type { RunFigures } from "./run_figures.ts";

/** Of the submission's changes those that are told one by one. */
const LARGEST = 20;

/** Something before and after. */
interface Changed<Value> {
  readonly before: Value;
  readonly after: Value;
}

/** A photo whose prediction changed. */
interface ChangedPrediction extends Changed<number> {
  readonly id: string;
}

/** What changed from one result of a run to a later one. */
export interface FiguresCompared {
  readonly logLoss: Changed<Estimate | undefined>;
  readonly accuracy: Changed<Estimate | undefined>;
  readonly setAside: Changed<number>;
  readonly classifier: Changed<RunFigures["classifier"]>;
  /**
   * On the photos that validate before and after, each by the label that it has now: how the log loss changed, where
   * chance alone would make its interval hold 0.
   */
  readonly shared: { readonly photos: number; readonly logLossChange: Estimate } | undefined;
  /** Photos that were taken for a cat and are taken for a dog now, or the other way. */
  readonly sides: readonly (ChangedPrediction & { readonly set: PhotoSet; readonly label?: Label })[];
  /** Of the submission's lines, as they are there: kept away from 0 and 1. */
  readonly submission: {
    readonly photos: number;
    readonly changed: number;
    /** The largest changes first. */
    readonly largest: readonly ChangedPrediction[];
  };
}

/** @param random for the interval: the same photos are drawn before and after */
export function compareFigures(before: RunFigures, after: RunFigures, random: Random): FiguresCompared {
  const validation = sharedBy(before.validation, after.validation);
  const test = sharedBy(before.test, after.test);
  const submitted = test.map(({ id, ...photo }) => ({
    id,
    before: clipped(photo.before, before.clip),
    after: clipped(photo.after, after.clip),
  }));
  const changed = submitted.filter((photo) => photo.before !== photo.after);
  const sides = [
    ...validation.map((photo) => ({ ...photo, set: "train" as const })),
    ...test.map((photo) => ({ ...photo, set: "test" as const })),
  ].filter((photo) => predictedLabel(photo.before) !== predictedLabel(photo.after));
  return {
    logLoss: { before: before.estimates?.logLoss, after: after.estimates?.logLoss },
    accuracy: { before: before.estimates?.accuracy, after: after.estimates?.accuracy },
    setAside: { before: before.setAside, after: after.setAside },
    classifier: { before: before.classifier, after: after.classifier },
    shared: validation.length === 0
      ? undefined
      : { photos: validation.length, logLossChange: lossChange(validation, random) },
    sides: sides.toSorted(byChange),
    submission: {
      photos: after.test.length,
      changed: changed.length,
      largest: changed.toSorted(byChange).slice(0, LARGEST),
    },
  };
}

function byChange(a: Changed<number>, b: Changed<number>): number {
  return Math.abs(b.after - b.before) - Math.abs(a.after - a.before);
}

/** The photos that both have, as the later one tells of them. */
function sharedBy<Photo extends { readonly id: string; readonly pDog: number }>(
  before: readonly Photo[],
  after: readonly Photo[],
): (Omit<Photo, "pDog"> & Changed<number>)[] {
  const earlier = new Map(before.map(({ id, pDog }) => [id, pDog]));
  return after.flatMap(({ pDog, ...photo }) => {
    const then = earlier.get(photo.id);
    return then === undefined ? [] : [{ ...photo, before: then, after: pDog }];
  });
}

function lossChange(photos: readonly (Changed<number> & { readonly label: Label })[], random: Random): Estimate {
  const lossOf = (some: typeof photos, when: keyof Changed<number>) =>
    logLoss(some.map(({ label, [when]: pDog }) => ({ label, pDog })), { clip: LEAST_CLIP });
  const measure = (some: typeof photos) => ({ change: lossOf(some, "after") - lossOf(some, "before") });
  const { change } = Object.fromEntries(bootstrapped(photos, measure, { resamples: RESAMPLES, random }));
  return change;
}
