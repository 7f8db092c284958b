import type { Estimate } from "../predictions/bootstrap.ts";

/** What stands where a number is missing or is not finite. */
export const NO_NUMBER = "–";

const integers = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });

/** `12,500`; a dash for what is no number. */
export function formatCount(count: number): string {
  return Number.isFinite(count) ? integers.format(count) : NO_NUMBER;
}

/** `1 photo`, `12,500 photos`. */
export function formatCountOf(count: number, singular: string, plural = `${singular}s`): string {
  return `${formatCount(count)} ${count === 1 ? singular : plural}`;
}

/** A share as a percentage with two digits, `98.99%`; never rounded up to a perfect 100%. */
export function formatShare(share: number): string {
  if (!Number.isFinite(share)) return NO_NUMBER;
  const percent = share * 100;
  return percent < 100 && percent > 99.99 ? "99.99%" : `${Number(percent.toFixed(2))}%`;
}

/** A loss with four decimals, `0.0302`; ∞ for an infinite one. */
export function formatLoss(loss: number): string {
  if (loss === Infinity) return "∞";
  return Number.isFinite(loss) ? loss.toFixed(4) : NO_NUMBER;
}

/** `95% interval 0.0287 to 0.0451`. */
export function formatInterval({ low, high }: Pick<Estimate, "low" | "high">, format: (end: number) => string): string {
  return `95% interval ${format(low)} to ${format(high)}`;
}

/** P(dog) with three decimals; one that is not exactly 0 or 1 is never shown as such. */
export function formatProbability(probability: number): string {
  if (!Number.isFinite(probability)) return NO_NUMBER;
  if (probability > 0 && probability < 0.001) return "<0.001";
  if (probability < 1 && probability > 0.999) return ">0.999";
  return probability.toFixed(3);
}

/** A learning rate as it is written in code: `0.001`, `1e-5`. */
export function formatRate(rate: number): string {
  return Number.isFinite(rate) ? String(Number(rate.toPrecision(3))) : NO_NUMBER;
}
