import { z } from "zod";
import type { StageResult } from "../runner/stage.ts";

/** A state that a fit has come by and that was validated, as the manifest and the report tell of it. */
export const FittedState = z.object({
  /** `first fit`, `refit`, `epoch 2`. */
  name: z.string(),
  /** Mean cross entropy and accuracy on the photos that train; null for a state that this fit has only started from. */
  trainLoss: z.number().nullable(),
  trainAccuracy: z.number().nullable(),
  validationLoss: z.number(),
  validationAccuracy: z.number(),
  /** The learning rates that it was trained by; null where nothing is trained in steps. */
  rates: z.object({ head: z.number(), backbone: z.number() }).nullable(),
  seconds: z.number(),
});
export type FittedState = z.infer<typeof FittedState>;

/** What fitting leaves behind, beside the state that was kept. */
export const Fitted = z.object({
  /** In the order in which they were come by. */
  states: z.array(FittedState),
  /** The name of the one that was kept: the lowest validation loss. */
  kept: z.string(),
});
export type Fitted = z.infer<typeof Fitted>;

/** The same without the seconds, which differ from run to run: what later stages depend on. */
export const UntimedFit = Fitted.extend({ states: z.array(FittedState.omit({ seconds: true })) });

/** A fit, and what it counts for people. */
export interface FitResult {
  readonly fitted: Fitted;
  readonly counts: Record<string, number>;
}

/** What a stage gives that fits: its states, with their seconds in the manifest alone. */
export function fittedResult({ fitted, counts }: FitResult): StageResult<z.input<typeof UntimedFit>> {
  return { output: UntimedFit.parse(fitted), counts, details: fitted };
}
