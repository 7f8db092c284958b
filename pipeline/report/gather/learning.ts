import { entryOf } from "../../../data/base/entry_of.ts";
import { Fitted, type FittedState } from "../../classifier/fitted.ts";
import type { StageRecord } from "../../runner/stage.ts";
import type { EpochSummary, FitSummary, Learning } from "../report_data.ts";

/** A stage that trains. */
type Training = EpochSummary["stage"];

/**
 * What learning went through, as the manifests of both trainings tell of it: epochs where rates say that it went in
 * steps, else whole fits.
 * @throws RangeError when one of the trainings has no record, or train none of the fit that finetune started from.
 */
export function learningOf(records: readonly Pick<StageRecord, "stage" | "details">[]): Learning {
  const train = fittedOf("train", records);
  const finetune = fittedOf("finetune", records);
  const inSteps = [...train.states, ...finetune.states].some(({ rates }) => rates !== null);
  return inSteps
    ? { by: "epochs", epochs: [...epochsOf("train", train), ...epochsOf("finetune", finetune)] }
    : { by: "fits", fits: fitsOf(train, finetune) };
}

function fittedOf(stage: Training, records: readonly Pick<StageRecord, "stage" | "details">[]): Fitted {
  const record = records.find((record) => record.stage === stage);
  if (!record) throw new RangeError(`Cannot tell how ${stage} went: expected its record, got none`);
  return Fitted.parse(record.details);
}

/** The epochs that trained; the state that a stage started from is none. */
export function epochsOf(stage: Training, { states, kept }: Fitted): EpochSummary[] {
  return states.flatMap((state) => isEpoch(state) ? [state] : []).map((state, k) => ({
    stage,
    epoch: k + 1,
    trainLoss: state.trainLoss,
    trainAccuracy: state.trainAccuracy ?? undefined,
    validationLoss: state.validationLoss,
    validationAccuracy: state.validationAccuracy,
    headRate: state.rates.head,
    backboneRate: state.rates.backbone > 0 ? state.rates.backbone : undefined,
    seconds: state.seconds,
    best: state.name === kept,
  }));
}

type TrainedInSteps = FittedState & { trainLoss: number; rates: NonNullable<FittedState["rates"]> };

function isEpoch(state: FittedState): state is TrainedInSteps {
  return state.trainLoss !== null && state.rates !== null;
}

/** The fits that finetune chose from; one that train made is told of with what train measured. */
function fitsOf(train: Fitted, finetune: Fitted): FitSummary[] {
  const trained = new Map(train.states.map((state) => [state.name, state]));
  return finetune.states.map((state) => {
    const made = state.trainLoss === null ? entryOf(trained, state.name, "a fit that train made") : state;
    return {
      name: state.name,
      trainLoss: made.trainLoss ?? undefined,
      trainAccuracy: made.trainAccuracy ?? undefined,
      validationLoss: state.validationLoss,
      validationAccuracy: state.validationAccuracy,
      seconds: made.seconds,
      kept: state.name === finetune.kept,
    };
  });
}
