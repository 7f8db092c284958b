import { entryOf } from "../../data/base/entry_of.ts";
import { z } from "zod";
import type { Random } from "../../data/random.ts";

/** A value measured on a sample, and the interval in which nineteen of twenty samples like it would put it. */
export const Estimate = z.object({ value: z.number(), low: z.number(), high: z.number() }).readonly();
export type Estimate = z.infer<typeof Estimate>;

/** Samples that are drawn for an interval. */
export const RESAMPLES = 1000;

/** Half of what a 95% interval leaves out lies on either side. */
const TAIL = 0.025;

/**
 * Measures of a sample with 95% intervals by the percentile bootstrap: the measures of many samples of the same size,
 * drawn from it with replacement, and between which values 95% of them lie (Efron and Tibshirani, "An Introduction to
 * the Bootstrap", 1993, chapter 13). Draws in which a measure is not a number do not count for that measure.
 *
 * @param measure the measures of a sample; it is given the items in the order in which they stand in `items`, so that
 * whoever sorts has less to do
 */
export function bootstrapped<Item, Name extends string>(
  items: readonly Item[],
  measure: (sample: readonly Item[]) => Record<Name, number>,
  { resamples, random }: { readonly resamples: number; readonly random: Random },
): Map<Name, Estimate> {
  const measured = measure(items);
  const names = namesOf(measured);
  const drawn = new Map<Name, number[]>(names.map((name) => [name, []]));
  for (let k = 0; k < resamples; k++) {
    const found = measure(resampled(items, random));
    for (const name of names) entryOf(drawn, name, "a measure").push(found[name]);
  }
  return new Map(names.map((name) => {
    const values = entryOf(drawn, name, "a measure").filter((value) => !Number.isNaN(value)).sort((a, b) => a - b);
    return [name, { value: measured[name], low: quantile(values, TAIL), high: quantile(values, 1 - TAIL) }];
  }));
}

/** As many items again, each drawn from all of them, in their order. */
function resampled<Item>(items: readonly Item[], random: Random): Item[] {
  const times = new Uint32Array(items.length);
  for (let k = 0; k < items.length; k++) times[Math.floor(random() * items.length)]++;
  return items.flatMap((item, k) => new Array<Item>(times[k]).fill(item));
}

/**
 * The value below which a share of sorted values lies, between two of them in proportion (definition 7 of Hyndman and
 * Fan, "Sample Quantiles in Statistical Packages", 1996, as in NumPy); NaN without values.
 */
export function quantile(sorted: readonly number[], share: number): number {
  if (sorted.length === 0) return NaN;
  const at = (sorted.length - 1) * share;
  const below = Math.floor(at);
  const above = Math.min(below + 1, sorted.length - 1);
  return sorted[below] + (at - below) * (sorted[above] - sorted[below]);
}

function namesOf<Name extends string>(measured: Record<Name, number>): Name[] {
  const names: Name[] = [];
  for (const name in measured) names.push(name);
  return names;
}
