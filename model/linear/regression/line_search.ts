import { sigmoid } from "../../logits.ts";

/** A logistic regression's loss along a direction: of row k the logit at distance t is `logits[k] + t * slopes[k]`. */
export interface LossAlongLine {
  readonly logits: Float64Array;
  readonly slopes: Float64Array;
  readonly labels: Uint8Array;
  /** 1 for the rows that count, else 0. */
  readonly subset: Uint8Array;
  /** The L2 term's first derivative at distance 0, and its second, which is the same everywhere. */
  readonly l2Slope: number;
  readonly l2Curvature: number;
}

const MAXIMUM_ITERATIONS = 100;

/** The minimum is reached when the derivative is this part of what it was at the start. */
const TOLERANCE = 1e-6;

/**
 * The distance at which the loss is lowest: the derivative's root, by Newton's method inside a bracket, with bisection
 * where Newton's method would leave it or does not halve its steps (on a loss with a kink it jumps to and fro between
 * the flat parts). The loss is convex, so the derivative rises and has one root.
 * Source: Press et al., Numerical Recipes, 3rd edition, 2007, section 9.4.
 * @returns 0 when the loss does not fall along the direction.
 */
export function lineSearch(loss: LossAlongLine): number {
  let { first, second } = derivatives(loss, 0);
  const start = first;
  if (!(start < 0)) return 0;
  let [low, high, distance, step] = [0, Infinity, 0, Infinity];
  for (let k = 0; k < MAXIMUM_ITERATIONS && Math.abs(first) > -start * TOLERANCE; k++) {
    if (first < 0) low = distance;
    else high = distance;
    const newton = distance - first / second;
    const halves = high === Infinity || Math.abs(newton - distance) < step / 2;
    let next = high === Infinity ? 2 * low + 1 : (low + high) / 2;
    if (newton > low && newton < high && halves) next = newton;
    step = Math.abs(next - distance);
    distance = next;
    ({ first, second } = derivatives(loss, distance));
  }
  return distance;
}

function derivatives(
  { logits, slopes, labels, subset, l2Slope, l2Curvature }: LossAlongLine,
  distance: number,
): { first: number; second: number } {
  let [first, second, count] = [0, 0, 0];
  for (let row = 0; row < logits.length; row++) {
    if (subset[row] === 0) continue;
    const slope = slopes[row];
    const probability = sigmoid(logits[row] + distance * slope);
    first += (probability - labels[row]) * slope;
    second += probability * (1 - probability) * slope * slope;
    count++;
  }
  return {
    first: first / count + l2Slope + distance * l2Curvature,
    second: second / count + l2Curvature,
  };
}
