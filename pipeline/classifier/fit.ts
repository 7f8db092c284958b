import { z } from "zod";
import { shuffled } from "../../data/random.ts";
import { crossEntropies, dogProbabilities } from "../../model/autograd/loss.ts";
import { initialPlateau, PlateauState, stepPlateau } from "../../model/training/plateau.ts";
import type { LearningRates, Trainer, TrainingBatch } from "../../model/training/trainer.ts";
import { stacked, type Tensor, type TensorMap } from "../../model/tensor.ts";
import { chunked } from "../features/batches.ts";
import {
  readCheckpoint,
  readSealedTensorFile,
  removeCheckpoint,
  sealedTensorFile,
  writeCheckpoint,
} from "./checkpoint.ts";
import { predictedLabel } from "../predictions/metrics.ts";
import { type LabelledId, labelNumber } from "../photos/photo.ts";
import { duration } from "../files/progress.ts";
import type { StageResult, StageTools } from "../runner/stage.ts";
import { stopwatch } from "../files/stopwatch.ts";
import { UserError } from "../files/user_error.ts";

/** One epoch, as the manifest and the report tell of it. */
export const Epoch = z.object({
  /** From 1; 0 is the state that training started from. */
  epoch: z.number().int(),
  /** Mean cross entropy and accuracy of the batches, each before its own step; null for epoch 0. */
  trainLoss: z.number().nullable(),
  trainAccuracy: z.number().nullable(),
  validationLoss: z.number(),
  validationAccuracy: z.number(),
  headRate: z.number(),
  tunedRate: z.number(),
  seconds: z.number(),
});
export type Epoch = z.infer<typeof Epoch>;

/** What fitting leaves behind, beside the state of its best epoch. */
export const Fitted = z.object({
  epochs: z.array(Epoch),
  /** The epoch whose state was kept: the lowest validation loss. */
  best: z.number().int(),
});
export type Fitted = z.infer<typeof Fitted>;

/** The same without the seconds, which differ from run to run: what later stages depend on. */
export const UntimedFit = Fitted.extend({ epochs: z.array(Epoch.omit({ seconds: true })) });

/** What a training stage gives: the epochs, with their seconds in the manifest alone. */
export function fittedResult(fitted: Fitted, counts: Record<string, number>): StageResult<z.input<typeof UntimedFit>> {
  return {
    output: UntimedFit.parse(fitted),
    counts: { ...counts, epochs: fitted.epochs.length, "best epoch": fitted.best },
    details: fitted,
  };
}

/** What to fit, on what. */
export interface FitPlan {
  readonly epochs: number;
  readonly batchSize: number;
  readonly rates: LearningRates;
  /** Epochs without improvement before the rates fall to a tenth; without it they stay. */
  readonly patience?: number;
  /** Whether the state that training starts from is validated as epoch 0, and may turn out to be the best one. */
  readonly startCounts: boolean;
  readonly train: readonly LabelledId[];
  readonly validation: readonly LabelledId[];
  /** What the trainer takes for these photos. */
  inputs(ids: readonly string[]): Promise<Tensor[]>;
  /** Starts a trainer from a state. */
  start(state: TensorMap): Promise<Trainer>;
  readonly initialState: TensorMap;
}

/** The file with the best epoch's state, without momentum. */
export const FITTED_STATE = "state.safetensors";

/** Batches that are read for one call to the trainer, and photos that are evaluated at a time. */
const BATCHES_A_CALL = 4;
export const EVALUATED_AT_ONCE = 32;

const MOMENTUM = "momentum.";

const Progress = z.object({ epochs: z.array(Epoch), plateau: PlateauState });

/**
 * Trains for a number of epochs and keeps the state of the best one, by validation loss, as `state.safetensors`.
 * Each epoch shuffles the training photos anew and drops the last batch when it is not full. After each epoch a
 * checkpoint is written, from which a killed run goes on to the same result.
 * @throws UserError when a loss is not finite, or there are fewer photos than a batch holds.
 */
export async function fit(plan: FitPlan, tools: StageTools): Promise<Fitted> {
  if (plan.train.length < plan.batchSize) {
    throw new UserError(
      `Cannot train: expected at least one batch of ${plan.batchSize} photos, got ${plan.train.length}. Add photos`,
    );
  }
  const checkpoint = await wholeCheckpoint(tools);
  const epochs: Epoch[] = checkpoint?.progress.epochs ?? [];
  let plateau = checkpoint?.progress.plateau ?? initialPlateau();
  const trainer = await plan.start(checkpoint?.state ?? plan.initialState);
  const finish = async (epoch: Epoch) => {
    epochs.push(epoch);
    tools.say(`  ${describe(epoch)}`);
    const state = await trainer.state();
    if (bestOf(epochs) === epoch) await tools.folder.write(FITTED_STATE, sealedTensorFile(withoutMomentum(state)));
    await writeCheckpoint(tools.folder, { epochs, plateau }, state);
  };
  try {
    if (plan.startCounts && epochs.length === 0) {
      const seconds = stopwatch();
      const rates = ratesOf(plan, plateau);
      const validated = await validate(trainer, plan, tools);
      checkFinite("validation loss", validated.validationLoss, NOT_TRAINED.epoch, rates);
      await finish({ ...NOT_TRAINED, ...validated, ...rates, seconds: seconds() });
    }
    for (let epoch = (epochs.at(-1)?.epoch ?? 0) + 1; epoch <= plan.epochs; epoch++) {
      const seconds = stopwatch();
      const rates = ratesOf(plan, plateau);
      const trained = await trainEpoch(trainer, plan, epoch, rates, tools);
      const validated = await validate(trainer, plan, tools);
      checkFinite("validation loss", validated.validationLoss, epoch, rates);
      if (plan.patience !== undefined) {
        plateau = stepPlateau(plateau, validated.validationLoss, { patience: plan.patience });
      }
      await finish({ epoch, ...trained, ...validated, ...rates, seconds: seconds() });
    }
  } finally {
    await trainer.close();
  }
  await removeCheckpoint(tools.folder);
  return { epochs, best: bestOf(epochs).epoch };
}

/** The checkpoint from which training goes on, where the state of the best epoch is whole as well. */
async function wholeCheckpoint({ folder, say }: StageTools) {
  const checkpoint = await readCheckpoint(folder, Progress);
  const best = await readSealedTensorFile(folder, FITTED_STATE);
  if (checkpoint && best) return checkpoint;
  if (checkpoint) say(`  ${folder.path(FITTED_STATE)} was damaged: training starts anew`);
  return undefined;
}

const NOT_TRAINED = { epoch: 0, trainLoss: null, trainAccuracy: null };

/** The rates of the next epoch: the plan's, times what the plateau schedule has taken them down by. */
function ratesOf({ rates }: FitPlan, { factor }: PlateauState) {
  return { headRate: rates.head * factor, tunedRate: rates.tuned * factor };
}

/**
 * One epoch over the training photos in a new order.
 * @throws UserError when a loss is not finite.
 */
export async function trainEpoch(
  trainer: Trainer,
  plan: Pick<FitPlan, "train" | "batchSize" | "inputs">,
  epoch: number,
  rates: { readonly headRate: number; readonly tunedRate: number },
  tools: Pick<StageTools, "random" | "progress" | "signal">,
): Promise<{ trainLoss: number; trainAccuracy: number }> {
  const order = shuffled(plan.train, tools.random(`order of epoch ${epoch}`));
  const full = chunked(order, plan.batchSize).filter((batch) => batch.length === plan.batchSize);
  const progress = tools.progress(full.length * plan.batchSize, `photos of epoch ${epoch}`);
  let loss = 0;
  let correct = 0;
  for (const group of chunked(full, BATCHES_A_CALL)) {
    tools.signal.throwIfAborted();
    const batches: TrainingBatch[] = [];
    for (const photos of group) {
      const labels = Uint8Array.from(photos, ({ label }) => labelNumber(label));
      batches.push({ inputs: await plan.inputs(photos.map(({ id }) => id)), labels });
    }
    for (const step of await trainer.step(batches, { head: rates.headRate, tuned: rates.tunedRate })) {
      checkFinite("loss", step.loss, epoch, rates);
      loss += step.loss;
      correct += step.correct;
    }
    progress.advance(group.length * plan.batchSize);
  }
  progress.finish();
  return { trainLoss: loss / full.length, trainAccuracy: correct / (full.length * plan.batchSize) };
}

async function validate(trainer: Trainer, plan: FitPlan, tools: StageTools) {
  const { losses, pDog } = await judge(trainer, plan.validation, plan.inputs, tools);
  const right = plan.validation.filter(({ label }, k) => predictedLabel(pDog[k]) === label).length;
  return { validationLoss: mean(losses), validationAccuracy: right / plan.validation.length };
}

/** What a trainer says of labelled photos: cross entropy and P(dog) of each. */
export async function judge(
  trainer: Trainer,
  photos: readonly LabelledId[],
  inputs: FitPlan["inputs"],
  tools: Pick<StageTools, "signal">,
): Promise<{ losses: number[]; pDog: number[] }> {
  const logits: Tensor[] = [];
  for (const group of chunked(photos, EVALUATED_AT_ONCE)) {
    tools.signal.throwIfAborted();
    logits.push(await trainer.evaluate(await inputs(group.map(({ id }) => id))));
  }
  const all = stacked(logits);
  const labels = Uint8Array.from(photos, ({ label }) => labelNumber(label));
  return { losses: [...crossEntropies(all, labels)], pDog: [...dogProbabilities(all)] };
}

function checkFinite(name: string, loss: number, epoch: number, { headRate }: { readonly headRate: number }): void {
  if (Number.isFinite(loss)) return;
  throw new UserError(
    `Cannot go on training: expected a finite ${name} in epoch ${epoch}, got ${loss} at a learning rate of ${headRate}. ` +
      `Try a recipe with a lower rate or another --seed; if it stays, try --backend cpu to rule the engine out`,
  );
}

/** The epoch with the lowest validation loss, the first of equal ones. */
function bestOf(epochs: readonly Epoch[]): Epoch {
  return epochs.reduce((best, epoch) => (epoch.validationLoss < best.validationLoss ? epoch : best));
}

function withoutMomentum(state: TensorMap): TensorMap {
  return new Map([...state].filter(([name]) => !name.startsWith(MOMENTUM)));
}

function describe({ epoch, trainLoss, validationLoss, validationAccuracy, headRate, seconds }: Epoch): string {
  const trained = trainLoss === null ? "" : `training loss ${trainLoss.toFixed(4)}, `;
  const accuracy = `${(validationAccuracy * 100).toFixed(2)}%`;
  const validated = `validation loss ${validationLoss.toFixed(4)}, accuracy ${accuracy}`;
  return `epoch ${epoch}: ${trained}${validated}, rate ${headRate.toPrecision(2)}, ${duration(seconds)}`;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
