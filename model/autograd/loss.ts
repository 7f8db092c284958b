import type { Tensor } from "../tensor.ts";
import { detach, exp, log, maximum, mean, multiply, scalar, slice, subtract, sum } from "./operations.ts";
import type { Value } from "./value.ts";

/**
 * Each photo's cross entropy, `log(exp(cat) + exp(dog)) - logit of the label`, in the form that no logit overflows.
 * @param logits `[photos, 2]`.
 * @param labels 0 for cat, 1 for dog.
 * @throws RangeError when there are not as many labels as photos.
 */
export function crossEntropies(logits: Tensor, labels: Uint8Array): Float64Array {
  checkLogits(logits, labels.length);
  return Float64Array.from(labels, (label, photo) => {
    const [own, other] = label === 1 ? [1, 0] : [0, 1];
    const excess = logits.data[2 * photo + other] - logits.data[2 * photo + own];
    return Math.max(excess, 0) + Math.log1p(Math.exp(-Math.abs(excess)));
  });
}

/**
 * Each photo's softmax probability of dog.
 * @param logits `[photos, 2]`.
 */
export function dogProbabilities(logits: Tensor): Float64Array {
  checkLogits(logits, logits.shape[0]);
  return Float64Array.from({ length: logits.shape[0] }, (_, photo) => {
    return 1 / (1 + Math.exp(logits.data[2 * photo] - logits.data[2 * photo + 1]));
  });
}

function checkLogits({ shape }: Tensor, photos: number): void {
  if (shape.length !== 2 || shape[0] !== photos || shape[1] !== 2) {
    throw new RangeError(`Cannot judge logits: expected [${photos}, 2], got [${shape}]`);
  }
}

/**
 * The mean cross entropy of a batch as part of a training graph.
 * @param logits `[batch, 2]`.
 * @param targets `[batch, 2]`: each photo's probabilities of cat and dog; 1 for its label and else 0.
 * @returns one number, `[1, 1]`.
 */
export function meanCrossEntropy(logits: Value, targets: Value): Value {
  const largest = detach(maximum(slice(logits, 1, 0, 1), slice(logits, 1, 1, 2)));
  const shifted = subtract(logits, largest);
  const logProbabilities = subtract(shifted, log(sum(exp(shifted), [1])));
  return multiply(mean(sum(multiply(targets, logProbabilities), [1]), [0]), scalar(-1));
}
