import type { Label } from "../../data/labels.ts";
import type { ChosenFit } from "../classifier/chosen_fit.ts";
import type { ValidationEstimates } from "../predictions/validation_estimates.ts";

/** What a run came to, to be compared with what it comes to later. */
export interface RunFigures {
  readonly classifier: ChosenFit["classifier"];
  /** None where no photo validates. */
  readonly estimates: ValidationEstimates | undefined;
  /** Photos that the rescan set aside. */
  readonly setAside: number;
  /** How far from 0 and 1 the predictions in the submission are kept. */
  readonly clip: number;
  readonly validation: readonly { readonly id: string; readonly label: Label; readonly pDog: number }[];
  readonly test: readonly { readonly id: string; readonly pDog: number }[];
}
