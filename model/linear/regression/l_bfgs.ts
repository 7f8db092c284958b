/** How many steps are remembered: the "limited memory". */
const MEMORY = 8;

interface RememberedStep {
  /** How the parameters changed, and how the gradient changed with them. */
  readonly step: Float64Array;
  readonly change: Float64Array;
  /** One over the inner product of the two. */
  readonly inverse: number;
}

/**
 * What L-BFGS knows of the curvature: the last steps and what they did to the gradient.
 * Nocedal and Wright, Numerical Optimization, 2nd edition, 2006, section 7.2.
 */
export class LBfgs {
  readonly #steps: RememberedStep[] = [];

  /** Keeps a step, unless rounding left no curvature along it. */
  remember(step: Float64Array, change: Float64Array): void {
    const curvature = innerProduct(step, change);
    if (curvature <= 0) return;
    this.#steps.push({ step, change, inverse: 1 / curvature });
    if (this.#steps.length > MEMORY) this.#steps.shift();
  }

  /** Minus the approximate inverse Hessian times the gradient: the two-loop recursion (algorithm 7.4). */
  direction(gradient: Float64Array): Float64Array {
    const direction = gradient.map((value) => -value);
    const last = this.#steps.at(-1);
    if (!last) return direction;
    const projections = new Float64Array(this.#steps.length);
    for (let k = this.#steps.length - 1; k >= 0; k--) {
      const { step, change, inverse } = this.#steps[k];
      projections[k] = inverse * innerProduct(step, direction);
      addScaled(direction, change, -projections[k]);
    }
    const scale = 1 / (last.inverse * innerProduct(last.change, last.change));
    for (let j = 0; j < direction.length; j++) direction[j] *= scale;
    for (const [k, { step, change, inverse }] of this.#steps.entries()) {
      addScaled(direction, step, projections[k] - inverse * innerProduct(change, direction));
    }
    return direction;
  }
}

/** The sum of the products of two vectors' values. */
export function innerProduct(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let j = 0; j < a.length; j++) sum += a[j] * b[j];
  return sum;
}

/** Adds a multiple of one vector to another. */
export function addScaled(target: Float64Array, vector: Float64Array, factor: number): void {
  for (let j = 0; j < target.length; j++) target[j] += factor * vector[j];
}
