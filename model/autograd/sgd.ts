import { add, multiply, scalar, subtract } from "./operations.ts";
import type { Value } from "./value.ts";

/** A parameter and its momentum buffer after a step. */
export interface SgdStep {
  readonly parameter: Value;
  readonly velocity: Value;
}

/**
 * One step of stochastic gradient descent with momentum as PyTorch's `SGD` has it (no dampening, not Nesterov's):
 * `velocity = momentum * velocity + gradient`, `parameter -= rate * velocity`. With a velocity of zero, the first
 * step's velocity is the gradient.
 */
export function sgdStep(
  before: SgdStep,
  { gradient, rate, momentum }: { readonly gradient: Value; readonly rate: Value; readonly momentum: number },
): SgdStep {
  const velocity = add(multiply(before.velocity, scalar(momentum)), gradient);
  return { parameter: subtract(before.parameter, multiply(rate, velocity)), velocity };
}
