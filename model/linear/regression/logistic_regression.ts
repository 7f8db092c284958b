import type { Tensor } from "../../tensor.ts";
import { addScaled, innerProduct, LBfgs } from "./l_bfgs.ts";
import { sigmoid } from "../../logits.ts";
import { lineSearch } from "./line_search.ts";
import { openRowProducts } from "../products/row_products.ts";

const MAXIMUM_ITERATIONS = 80;

/** A fit is done when the gradient's norm is this part of what it was at the start. */
const TOLERANCE = 1e-4;

/** A fitted regression: a row's logit of label 1 is its inner product with the weight, plus the bias. */
export interface LogisticRegression {
  /** `[width]` */
  readonly weight: Float64Array;
  readonly bias: number;
  /** The logits of every row that was given, also of those that were not fitted to: `[n]`. */
  readonly logits: Float64Array;
}

/**
 * Fits logistic regressions to subsets of the same rows, all in the same passes over them.
 *
 * Each minimises the mean cross entropy over its subset plus `l2 / 2` times the squared norm of the weight; the
 * bias is free. L-BFGS from zero (Nocedal and Wright, Numerical Optimization, 2nd edition, 2006, algorithm 7.5) with
 * the exact minimum along each direction, which is cheap because the logits are linear in the parameters. One
 * iteration reads the rows twice. The result does not depend on which other subsets are fitted beside it.
 *
 * @param rows `[n, width]`
 * @param labels 0 or 1 for each row
 * @param subsets for each regression 1 for the rows that it is fitted to, else 0
 * @param pause awaited before every iteration, each of which takes up to a tenth of a second; what it throws ends the fit
 * @throws RangeError when sizes differ, the L2 is not positive, a feature is not finite, or a subset lacks a label
 */
export async function fitLogisticRegressions(
  rows: Tensor,
  labels: Uint8Array,
  subsets: readonly Uint8Array[],
  l2: number,
  pause?: () => Promise<void>,
): Promise<LogisticRegression[]> {
  checkProblem(rows, labels, subsets, l2);
  const fits = subsets.map((subset) => new Fit(rows.shape[1], labels, subset, l2));
  const products = await openRowProducts(rows);
  try {
    let active = fits;
    for (let iteration = 0; active.length > 0; iteration++) {
      await pause?.();
      const gradients = await products.transposed(active.map((fit) => fit.residuals()));
      for (const [k, fit] of active.entries()) fit.takeGradient(gradients[k]);
      if (iteration === MAXIMUM_ITERATIONS) break;
      active = active.filter((fit) => !fit.done);
      const slopes = await products.times(active.map((fit) => fit.direction));
      for (const [k, fit] of active.entries()) fit.move(slopes[k]);
    }
  } finally {
    products.close();
  }
  return fits.map((fit) => fit.result());
}

/** One regression on its way to the minimum. */
class Fit {
  /** The weight, then the bias. */
  readonly #parameters: Float64Array;
  readonly #logits: Float64Array;
  readonly #residuals: Float64Array;
  readonly #count: number;
  readonly #memory = new LBfgs();
  #step: Float64Array | undefined;
  #previousGradient: Float64Array | undefined;
  #startNorm = 0;
  #gradient: Float64Array;
  direction: Float64Array;
  done = false;

  constructor(
    readonly width: number,
    readonly labels: Uint8Array,
    readonly subset: Uint8Array,
    readonly l2: number,
  ) {
    this.#parameters = new Float64Array(width + 1);
    this.#logits = new Float64Array(labels.length);
    this.#residuals = new Float64Array(labels.length);
    this.#count = subset.reduce((sum, included) => sum + included, 0);
    this.#gradient = new Float64Array(width + 1);
    this.direction = new Float64Array(width + 1);
  }

  /** The mean cross entropy's derivative by each row's logit. */
  residuals(): Float64Array {
    for (let row = 0; row < this.labels.length; row++) {
      if (this.subset[row]) this.#residuals[row] = (sigmoid(this.#logits[row]) - this.labels[row]) / this.#count;
    }
    return this.#residuals;
  }

  /** @param gradient the data's part of it; the penalty's is added. */
  takeGradient(gradient: Float64Array): void {
    addScaled(gradient.subarray(0, this.width), this.#parameters, this.l2);
    const norm = Math.sqrt(innerProduct(gradient, gradient));
    if (!Number.isFinite(norm)) refuse("finite features", "some that are not");
    if (!this.#step || !this.#previousGradient) this.#startNorm = norm;
    else {
      const change = gradient.slice();
      addScaled(change, this.#previousGradient, -1);
      this.#memory.remember(this.#step, change);
    }
    if (norm <= TOLERANCE * this.#startNorm) this.done = true;
    this.#gradient = gradient;
    this.direction = this.#memory.direction(gradient);
  }

  /**
   * Goes to the minimum along the direction.
   * @param slopes how the logits change along it.
   */
  move(slopes: Float64Array): void {
    const [weight, change] = [this.#parameters, this.direction].map((vector) => vector.subarray(0, this.width));
    const distance = lineSearch({
      logits: this.#logits,
      slopes,
      labels: this.labels,
      subset: this.subset,
      l2Slope: this.l2 * innerProduct(weight, change),
      l2Curvature: this.l2 * innerProduct(change, change),
    });
    // Rounding has the last word: nothing is lower along the direction.
    if (distance === 0) this.done = true;
    this.#step = this.direction.map((value) => distance * value);
    addScaled(this.#parameters, this.#step, 1);
    addScaled(this.#logits, slopes, distance);
    this.#previousGradient = this.#gradient;
  }

  result(): LogisticRegression {
    return {
      weight: this.#parameters.slice(0, this.width),
      bias: this.#parameters[this.width],
      logits: this.#logits,
    };
  }
}

function checkProblem(
  { shape }: Tensor,
  labels: Uint8Array,
  subsets: readonly Uint8Array[],
  l2: number,
): void {
  if (shape.length !== 2) refuse("rows of [n, width]", `[${shape}]`);
  if (labels.length !== shape[0]) refuse(`${shape[0]} labels`, `${labels.length}`);
  if (!(l2 > 0)) refuse("an L2 above 0", `${l2}`);
  for (const subset of subsets) {
    if (subset.length !== shape[0]) refuse(`a subset of ${shape[0]} rows`, `${subset.length}`);
    for (const label of [0, 1]) {
      const included = labels.some((value, row) => value === label && subset[row] === 1);
      if (!included) refuse(`rows with label ${label} to fit to`, "none");
    }
  }
}

function refuse(expected: string, got: string): never {
  throw new RangeError(`Cannot fit a logistic regression: expected ${expected}, got ${got}`);
}
