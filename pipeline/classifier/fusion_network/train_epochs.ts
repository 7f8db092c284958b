import { z } from "zod";
import { chunk } from "@std/collections/chunk";
import { shuffled } from "../../../data/random.ts";
import { sigmoid } from "../../../model/logits.ts";
import { initialPlateau, PlateauState, stepPlateau } from "../../../model/training/plateau.ts";
import { MOMENTUM } from "../../../model/training/training_state.ts";
import type { LearningRates, StepResult, Trainer, TrainingBatch } from "../../../model/training/trainer.ts";
import type { Tensor, TensorMap } from "../../../model/tensor.ts";
import { duration } from "../../terminal/progress.ts";
import { stopwatch } from "../../files/stopwatch.ts";
import { UserError } from "../../files/user_error.ts";
import { type LabelledId, labelNumbers } from "../../photos/photo.ts";
import { crossEntropies } from "../../predictions/logits.ts";
import { predictedLabel } from "../../predictions/metrics.ts";
import type { StageTools } from "../../runner/stage.ts";
import { STATE_FILE } from "../state_file.ts";
import {
  readCheckpoint,
  readSealedTensorFile,
  removeCheckpoint,
  sealedTensorFile,
  writeCheckpoint,
} from "./checkpoint.ts";
import { dogLogits } from "./dog_logits.ts";

/** One epoch, as the checkpoint tells of it. */
const Epoch = z.object({
  /** From 1; 0 is the state that training started from. */
  epoch: z.number().int(),
  /** Mean cross entropy and accuracy of the batches, each before its own step; null for epoch 0. */
  trainLoss: z.number().nullable(),
  trainAccuracy: z.number().nullable(),
  validationLoss: z.number(),
  validationAccuracy: z.number(),
  headRate: z.number(),
  backboneRate: z.number(),
  seconds: z.number(),
});
export type Epoch = z.infer<typeof Epoch>;

/** What training leaves behind, beside the state of its best epoch. */
export interface TrainedEpochs {
  readonly epochs: readonly Epoch[];
  /** The epoch whose state was kept: the lowest validation loss. */
  readonly best: number;
}

/** Whatever training keeps its epochs in and tells of them by. */
export type TrainingTools = Pick<StageTools, "folder" | "random" | "progress" | "signal" | "say">;

/** Learning rates of an epoch: of the head, and of the backbones' tuned blocks. */
export type EpochRates = Pick<Epoch, "headRate" | "backboneRate">;

/** What to train, on what. */
export interface TrainingPlan {
  readonly epochs: number;
  readonly batchSize: number;
  /** The rates of the first epoch. */
  readonly rates: EpochRates;
  /** Epochs without improvement before the rates fall to a tenth; without it they stay. */
  readonly patience?: number;
  /** Whether the state that training starts from is validated as epoch 0, and may turn out to be the best one. */
  readonly startCounts: boolean;
  readonly train: readonly LabelledId[];
  readonly validation: readonly LabelledId[];
  /** What the trainer takes for these photos. */
  inputs(ids: readonly string[]): Promise<readonly Tensor[]>;
  /** Starts a trainer from a state. */
  start(state: TensorMap): Promise<Trainer>;
  readonly initialState: TensorMap;
}

/** Batches that are read for one call to the trainer, and photos that are evaluated at a time. */
const BATCHES_A_CALL = 4;
const EVALUATED_AT_ONCE = 32;

export const EpochsSoFar = z.object({ epochs: z.array(Epoch), plateau: PlateauState });

/**
 * Trains for a number of epochs and keeps the state of the best one, by validation loss and without momentum, as
 * `state.safetensors`.
 * Each epoch shuffles the training photos anew and drops the last batch when it is not full. After each epoch a
 * checkpoint is written, from which a killed run goes on to the same result.
 * @throws UserError when a loss is not finite, or there are fewer photos than a batch holds.
 */
export async function trainEpochs(plan: TrainingPlan, tools: TrainingTools): Promise<TrainedEpochs> {
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
    if (bestOf(epochs) === epoch) await tools.folder.write(STATE_FILE, sealedTensorFile(withoutMomentum(state)));
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
        plateau = stepPlateau(plateau, validated.validationLoss, plan.patience);
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
async function wholeCheckpoint({ folder, say }: TrainingTools) {
  const checkpoint = await readCheckpoint(folder, EpochsSoFar);
  const best = await readSealedTensorFile(folder, STATE_FILE);
  if (checkpoint && best) return checkpoint;
  if (checkpoint) say(`  ${folder.path(STATE_FILE)} was damaged: training starts anew`);
  return undefined;
}

const NOT_TRAINED = { epoch: 0, trainLoss: null, trainAccuracy: null };

/** The rates of the next epoch: the plan's, times what the plateau schedule has taken them down by. */
function ratesOf({ rates }: TrainingPlan, { factor }: PlateauState): EpochRates {
  return { headRate: rates.headRate * factor, backboneRate: rates.backboneRate * factor };
}

/**
 * One epoch over the training photos in a new order.
 * @throws UserError when a loss is not finite.
 */
export async function trainEpoch(
  trainer: Trainer,
  plan: Pick<TrainingPlan, "train" | "batchSize" | "inputs">,
  epoch: number,
  rates: EpochRates,
  tools: Pick<StageTools, "random" | "progress" | "signal">,
): Promise<{ trainLoss: number; trainAccuracy: number }> {
  const order = shuffled(plan.train, tools.random(`order of epoch ${epoch}`));
  const full = chunk(order, plan.batchSize).filter((batch) => batch.length === plan.batchSize);
  const progress = tools.progress(full.length * plan.batchSize, `photos of epoch ${epoch}`);
  let loss = 0;
  let correct = 0;
  const count = (steps: readonly StepResult[]) => {
    for (const step of steps) {
      checkFinite("loss", step.loss, epoch, rates);
      loss += step.loss;
      correct += step.correct;
    }
    progress.advance(steps.length * plan.batchSize);
  };
  // While one call's steps are computed the next one's batches are read and queued: a GPU does not wait for them.
  let underway: Promise<readonly StepResult[]> = Promise.resolve([]);
  for (const group of chunk(full, BATCHES_A_CALL)) {
    tools.signal.throwIfAborted();
    const batches: TrainingBatch[] = [];
    for (const photos of group) {
      batches.push({ inputs: await plan.inputs(photos.map(({ id }) => id)), labels: labelNumbers(photos) });
    }
    const before = underway;
    underway = trainer.step(batches, learningRates(rates));
    // Where an earlier call fails, this one is not waited for.
    underway.catch(() => {});
    count(await before);
  }
  count(await underway);
  progress.finish();
  return { trainLoss: loss / full.length, trainAccuracy: correct / (full.length * plan.batchSize) };
}

function learningRates({ headRate, backboneRate }: EpochRates): LearningRates {
  return { head: headRate, tuned: backboneRate };
}

async function validate(trainer: Trainer, plan: TrainingPlan, tools: Pick<StageTools, "signal">) {
  const logits = await evaluated(trainer, plan.validation, plan.inputs, tools);
  const losses = crossEntropies(logits, plan.validation);
  const right = plan.validation.filter(({ label }, k) => predictedLabel(sigmoid(logits[k])) === label).length;
  return { validationLoss: mean(losses), validationAccuracy: right / plan.validation.length };
}

/** What a trainer that is training anyway predicts: the logit of dog of each photo. */
export async function evaluated(
  trainer: Pick<Trainer, "evaluate">,
  photos: readonly LabelledId[],
  inputs: TrainingPlan["inputs"],
  tools: Pick<StageTools, "signal">,
): Promise<Float64Array> {
  const logits: number[] = [];
  for (const some of chunk(photos, EVALUATED_AT_ONCE)) {
    tools.signal.throwIfAborted();
    logits.push(...dogLogits(await trainer.evaluate(await inputs(some.map(({ id }) => id)))));
  }
  return Float64Array.from(logits);
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
