import { assert, assertAlmostEquals, assertEquals, assertNotEquals } from "@std/assert";
import { randomFrom } from "../../../../data/random.ts";
import { bootstrapped, quantile } from "../../../../pipeline/predictions/bootstrap.ts";

const mean = (values: readonly number[]) => ({ mean: values.reduce((sum, value) => sum + value, 0) / values.length });

function uniform(count: number, seed: number): number[] {
  const random = randomFrom(seed, "bootstrap test");
  return Array.from({ length: count }, random);
}

function interval(values: readonly number[], seed = 0) {
  const estimates = bootstrapped(values, mean, { resamples: 400, random: randomFrom(seed, "resamples") });
  return estimates.get("mean") ?? { value: NaN, low: NaN, high: NaN };
}

Deno.test("bootstrapped() gives the sample's own value, and the same interval for the same random numbers", () => {
  const values = uniform(50, 1);
  assertEquals(interval(values), interval(values));
  assertEquals(interval(values).value, mean(values).mean);
  assertNotEquals(interval(values, 1), interval(values, 2));
});

Deno.test("bootstrapped() gives a mean the interval that the normal approximation gives", () => {
  const values = uniform(400, 2);
  const { value, low, high } = interval(values);
  // The standard deviation of numbers drawn uniformly from 0 to 1 is 1/sqrt(12).
  const half = 1.96 / Math.sqrt(12 * values.length);
  assertAlmostEquals(low, value - half, half / 5);
  assertAlmostEquals(high, value + half, half / 5);
});

Deno.test("bootstrapped() covers the true mean about nineteen times of twenty", () => {
  const covered = Array.from({ length: 100 }, (_, seed) => interval(uniform(100, seed), seed))
    .filter(({ low, high }) => low <= 0.5 && 0.5 <= high).length;
  assert(covered >= 88 && covered < 100, `${covered} of 100`);
});

Deno.test("bootstrapped() draws samples of the same size, in the order of the items", () => {
  const items = Array.from({ length: 20 }, (_, k) => k);
  const measure = (sample: readonly number[]) => ({
    size: sample.length,
    falls: sample.filter((item, k) => k > 0 && item < sample[k - 1]).length,
    distinct: new Set(sample).size,
  });
  const estimates = bootstrapped(items, measure, { resamples: 50, random: randomFrom(0, "") });
  assertEquals(estimates.get("size"), { value: 20, low: 20, high: 20 });
  assertEquals(estimates.get("falls"), { value: 0, low: 0, high: 0 });
  assert((estimates.get("distinct")?.high ?? 20) < 20, "drawn with replacement");
});

Deno.test("bootstrapped() passes over samples in which a measure is no number", () => {
  const measure = (sample: readonly number[]) => ({ share: sample.includes(1) ? mean(sample).mean : NaN });
  const { low, high } = bootstrapped([0, 0, 1], measure, { resamples: 200, random: randomFrom(0, "") }).get("share") ??
    { low: NaN, high: NaN };
  assertAlmostEquals(low, 1 / 3);
  assert(high <= 1);
});

Deno.test("quantile() goes between values in proportion, as NumPy does", () => {
  assertEquals(quantile([1, 2, 3, 4], 0), 1);
  assertEquals(quantile([1, 2, 3, 4], 1), 4);
  assertAlmostEquals(quantile([1, 2, 3, 4], 0.025), 1.075);
  assertAlmostEquals(quantile([1, 2, 4], 0.75), 3);
  assertEquals(quantile([], 0.5), NaN);
});
