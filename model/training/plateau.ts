import { z } from "zod";

/** Where a plateau schedule stands. */
export const PlateauState = z.strictObject({
  /** What the initial learning rates are multiplied by. */
  factor: z.number().positive(),
  /** The lowest loss so far; null before the first one that is a number. */
  best: z.number().nullable(),
  /** Epochs in a row without improvement. */
  badEpochs: z.number().int().nonnegative(),
});
export type PlateauState = z.infer<typeof PlateauState>;

/** What the rates are multiplied by on a plateau: PyTorch's default `factor`. */
const REDUCTION = 0.1;
/** The part of the best loss by which a loss has to be lower to count as better: PyTorch's default `threshold`. */
const THRESHOLD = 1e-4;
/** A reduction by less is not done: PyTorch's default `eps`, 1e-8, over an initial rate of 1e-3. */
const LEAST_REDUCTION = 1e-5;

/** The state before the first epoch. */
export function initialPlateau(): PlateauState {
  return { factor: 1, best: null, badEpochs: 0 };
}

/**
 * What follows from an epoch's loss: PyTorch's `ReduceLROnPlateau` in mode `min`, with a factor on the initial rates in
 * the rates' place, so that one schedule serves the head and the tuned parts. A loss that is not a number is a bad one.
 * @param patience bad epochs that are borne; the one after them lowers the rates.
 */
export function stepPlateau(state: PlateauState, loss: number, patience: number): PlateauState {
  const better = loss < (state.best ?? Infinity) * (1 - THRESHOLD);
  const best = better ? loss : state.best;
  const badEpochs = better ? 0 : state.badEpochs + 1;
  if (badEpochs <= patience) return { factor: state.factor, best, badEpochs };
  const lower = state.factor * REDUCTION;
  const factor = state.factor - lower > LEAST_REDUCTION ? lower : state.factor;
  return { factor, best, badEpochs: 0 };
}
