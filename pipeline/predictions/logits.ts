import { type Label, labelNumber } from "../photos/photo.ts";

/** P(dog) from a logit of dog. */
export function sigmoid(logit: number): number {
  return 1 / (1 + Math.exp(-logit));
}

/** `ln(1 + exp(x))`, which does not overflow. */
export function softplus(x: number): number {
  return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
}

/** P(dog) of each photo. */
export function probabilities(logits: Float64Array): number[] {
  return Array.from(logits, sigmoid);
}

/** The cross entropy of each photo: -ln of the probability given to its label. */
export function crossEntropies(logits: Float64Array, photos: readonly { readonly label: Label }[]): number[] {
  return photos.map(({ label }, k) => softplus(labelNumber(label) === 1 ? -logits[k] : logits[k]));
}
