import { detach, exp, log, maximum, mean, multiply, scalar, slice, subtract, sum } from "./operations.ts";
import type { Value } from "./value.ts";

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
