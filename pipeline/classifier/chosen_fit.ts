import { z } from "zod";
import type { UntimedFit } from "./fitted.ts";

/** What the fits are fitted to, by their names. */
const FITTED_TO = {
  "first fit": "all training photos that the user left",
  "second fit": "those without the outliers that the rescan set aside",
} as const;

/** Which of a run's two fits became its classifier, the one with the lower validation loss, and what both reached. */
export const ChosenFit = z.object({
  classifier: z.enum(["first fit", "second fit"]),
  fittedTo: z.string(),
  validationLoss: z.object({ "first fit": z.number(), "second fit": z.number() }),
});
export type ChosenFit = z.infer<typeof ChosenFit>;

/**
 * Tells from what `finetune` left which fit was kept. The state that it only started from is the first fit's; of what it
 * trained itself, the best one counts.
 */
export function chosenFit({ states, kept }: z.infer<typeof UntimedFit>): ChosenFit {
  const [first, second] = [true, false].map((isStart) =>
    states.filter(({ trainLoss }) => (trainLoss === null) === isStart)
  );
  const lowest = (some: typeof states) => Math.min(...some.map(({ validationLoss }) => validationLoss));
  const classifier = first.some(({ name }) => name === kept) ? "first fit" : "second fit";
  return {
    classifier,
    fittedTo: FITTED_TO[classifier],
    validationLoss: { "first fit": lowest(first), "second fit": lowest(second) },
  };
}

/** The same in one short line, e.g. `fit without the outliers, validation loss 0.1234; with them 0.2345`. */
export function chosenFitText({ classifier, validationLoss }: ChosenFit): string {
  const [first, second] = (["first fit", "second fit"] as const).map((fit) => validationLoss[fit].toFixed(4));
  return classifier === "first fit"
    ? `fit with the outliers, validation loss ${first}; without them ${second}`
    : `fit without the outliers, validation loss ${second}; with them ${first}`;
}
