import type { Label } from "../../data/labels.ts";
import { sigmoid, softplus } from "../../model/logits.ts";
import { labelNumber } from "../photos/photo.ts";

/** P(dog) of each photo. */
export function probabilities(logits: Float64Array): number[] {
  return Array.from(logits, sigmoid);
}

/** The logit of the class that is not each photo's label: it grows with the loss, and tells sure mistakes apart. */
export function otherClassLogits(logits: Float64Array, photos: readonly { readonly label: Label }[]): Float64Array {
  return logits.map((logit, k) => labelNumber(photos[k].label) === 1 ? -logit : logit);
}

/** The cross entropy of each photo: -ln of the probability given to its label. */
export function crossEntropies(logits: Float64Array, photos: readonly { readonly label: Label }[]): number[] {
  return Array.from(otherClassLogits(logits, photos), softplus);
}
