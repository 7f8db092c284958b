import type { Label } from "../../data/labels.ts";
import { sigmoid, softplus } from "../../model/logits.ts";
import { labelNumber } from "../photos/photo.ts";

/** P(dog) of each photo. */
export function probabilities(logits: Float64Array): number[] {
  return Array.from(logits, sigmoid);
}

/** The cross entropy of each photo: -ln of the probability given to its label. */
export function crossEntropies(logits: Float64Array, photos: readonly { readonly label: Label }[]): number[] {
  return photos.map(({ label }, k) => softplus(labelNumber(label) === 1 ? -logits[k] : logits[k]));
}
