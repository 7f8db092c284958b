/** The probability that a logit stands for, `1 / (1 + exp(-logit))`; does not overflow. */
export function sigmoid(logit: number): number {
  return 1 / (1 + Math.exp(-logit));
}

/** `ln(1 + exp(x))`, which does not overflow: the cross entropy of a label whose logit is `-x`. */
export function softplus(x: number): number {
  return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
}
