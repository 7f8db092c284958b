import { z } from "zod";

/** Where a plateau schedule stands. */
export const PlateauState = z.strictObject({
  /** What the initial learning rates are multiplied by. */
  factor: z.number().positive(),
  /** The lowest loss so far; null before the first one that is a number. */
  best: z.number().nullable(),
  /** Epochs in a row without improvement. */
  badEpochs: z.number().int().nonnegative(),
  /** Epochs for which bad ones are not counted yet. */
  coolingDown: z.number().int().nonnegative(),
});
export type PlateauState = z.infer<typeof PlateauState>;

/** How a plateau schedule reacts. */
export interface PlateauOptions {
  /** Bad epochs that are borne; the one after them lowers the rates. */
  readonly patience: number;
  /** What the rates are multiplied by: .1 unless given. */
  readonly reduction?: number;
  /** The part of the best loss by which a loss has to be lower to count as better: 1e-4 unless given. */
  readonly threshold?: number;
  /** Epochs after a reduction in which bad ones are not counted: 0 unless given. */
  readonly cooldown?: number;
  /** The lowest factor: PyTorch's `min_lr` over the initial rate. 0 unless given. */
  readonly lowestFactor?: number;
  /** A reduction by less is not done: PyTorch's `eps`, 1e-8, over the initial rate. 1e-5 unless given. */
  readonly leastReduction?: number;
}

/** The state before the first epoch. */
export function initialPlateau(): PlateauState {
  return { factor: 1, best: null, badEpochs: 0, coolingDown: 0 };
}

/**
 * What follows from an epoch's loss: PyTorch's `ReduceLROnPlateau` in mode `min`, with a factor on the initial rates in
 * the rates' place, so that one schedule serves the head and the tuned parts. A loss that is not a number is a bad one.
 */
export function stepPlateau(state: PlateauState, loss: number, options: PlateauOptions): PlateauState {
  const { patience, reduction = 0.1, threshold = 1e-4, cooldown = 0, lowestFactor = 0, leastReduction = 1e-5 } =
    options;
  const better = loss < (state.best ?? Infinity) * (1 - threshold);
  const best = better ? loss : state.best;
  const coolingDown = Math.max(state.coolingDown - 1, 0);
  const badEpochs = better || state.coolingDown > 0 ? 0 : state.badEpochs + 1;
  if (badEpochs <= patience) return { factor: state.factor, best, badEpochs, coolingDown };
  const lower = Math.max(state.factor * reduction, lowestFactor);
  const factor = state.factor - lower > leastReduction ? lower : state.factor;
  return { factor, best, badEpochs: 0, coolingDown: cooldown };
}
