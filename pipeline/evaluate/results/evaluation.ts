import { z } from "zod";
import type { Random } from "../../../data/random.ts";
import { type FoldedPhotos, LabelSchema } from "../../photos/photo.ts";
import type { Recipe } from "../../settings/recipe.ts";
import { isOutlierTier, type KnownOutliers } from "../yardstick/known_outliers.ts";
import { RESAMPLES } from "../../predictions/bootstrap.ts";
import { Estimates, estimatesOf } from "./measures.ts";
import type { Ranking } from "../yardstick/rankings.ts";
import { foundAmong, LOOKED_AT } from "../yardstick/rescan_yardstick.ts";

/** Measures over some photos. */
const Measured = z.object({ photos: z.number().int().positive(), measures: Estimates });

/** What known outliers tell of a recipe. */
const OutlierResults = z.object({
  /** The file that names the outliers. */
  source: z.string(),
  /** How many there are; photos that are hard but valid do not count. */
  known: z.number().int(),
  /** The measures without them. */
  without: Measured,
  /** How many of them stand first in a ranking of all photos, the worst first. */
  rankings: z.array(z.object({
    ranking: z.string(),
    found: z.array(z.object({
      first: z.number().int(),
      outliers: z.number().int(),
      recall: z.number(),
      precision: z.number(),
      tiers: z.record(z.string(), z.number().int()),
    })),
  })),
});

/** The result of `deno task evaluate` for one recipe, number of folds and seed. */
export const Evaluation = z.object({
  /** The recipe's name, with the epochs where they are not its own. */
  name: z.string(),
  /** The recipe's hyperparameters. */
  recipe: z.record(z.string(), z.json()),
  seed: z.number().int(),
  folds: z.number().int(),
  /** How far from 0 and 1 the clipped log loss keeps predictions. */
  clip: z.number(),
  /** `mini`, `full` or a folder. */
  weights: z.string(),
  /** What computed the features. */
  backend: z.string().nullable(),
  device: z.string().nullable(),
  /** Samples that each 95% interval comes from. */
  resamples: z.number().int(),
  all: Measured,
  /** Null where no file names outliers. */
  outliers: OutlierResults.nullable(),
  /** What a classifier says of each photo that has not seen it, in the order of the ids. */
  predictions: z.array(z.object({
    id: z.string(),
    label: LabelSchema,
    fold: z.number().int(),
    pDog: z.number(),
    /** What the outliers' file says of it; null for ordinary photos. */
    tier: z.string().nullable(),
  })),
});
export type Evaluation = z.infer<typeof Evaluation>;

/** What was evaluated, and how. */
export type EvaluationFacts =
  & Pick<Evaluation, "name" | "seed" | "folds" | "clip" | "weights" | "backend" | "device">
  & { readonly recipe: Recipe };

/** What is known of some of the photos, and all photos in the orders in which a rescan may look at them. */
export interface Suspected {
  readonly known: KnownOutliers;
  readonly rankings: readonly Ranking[];
}

/**
 * Measures out-of-fold predictions.
 * @param pDog of each photo, in the order of the photos
 * @param suspected left out where no outliers are known
 * @param random gives the same numbers at every call, so that everything is measured on the same samples
 */
export function evaluationOf(
  facts: EvaluationFacts,
  { photos, folds }: FoldedPhotos,
  pDog: readonly number[],
  suspected: Suspected | undefined,
  random: () => Random,
): Evaluation {
  const tiers = suspected?.known.tiers;
  const predictions = photos.map(({ id, label }, k) => ({
    id,
    label,
    fold: folds[k],
    pDog: pDog[k],
    tier: tiers?.get(id) ?? null,
  }));
  const measured = (some: typeof predictions) => ({
    photos: some.length,
    measures: estimatesOf(some, facts.clip, random()),
  });
  const ordinary = predictions.filter(({ tier }) => !isOutlierTier(tier));
  return Evaluation.parse({
    ...facts,
    resamples: RESAMPLES,
    all: measured(predictions),
    outliers: suspected
      ? {
        source: suspected.known.source,
        known: predictions.length - ordinary.length,
        without: measured(ordinary),
        rankings: suspected.rankings.map(({ name, ids }) => ({
          ranking: name,
          found: LOOKED_AT.map((first) => foundAmong(ids, suspected.known.tiers, first)),
        })),
      }
      : null,
    predictions,
  });
}
