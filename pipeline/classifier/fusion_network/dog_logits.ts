import type { Tensor } from "../../../model/tensor.ts";

/**
 * The logit of dog of each photo, by a network with a logit for each class: their difference, whose sigmoid is what
 * softmax gives for dog.
 * @param logits `[photos, 2]`: cat and dog
 * @throws RangeError on another shape.
 */
export function dogLogits({ shape, data }: Tensor): Float64Array {
  if (shape.length !== 2 || shape[1] !== 2) {
    throw new RangeError(`Cannot read logits: expected [photos, 2], got [${shape}]`);
  }
  return Float64Array.from({ length: shape[0] }, (_, photo) => data[2 * photo + 1] - data[2 * photo]);
}
