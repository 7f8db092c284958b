import { entryOf } from "../../data/base/entry_of.ts";
import { gradients } from "../autograd/gradient.ts";
import { lowerHead, lowerHeadInTraining } from "../autograd/lower_head.ts";
import { lowerNetwork, type TensorNamed } from "../autograd/lower_network.ts";
import { meanCrossEntropy } from "../autograd/loss.ts";
import { concatenate, input } from "../autograd/operations.ts";
import { sgdStep } from "../autograd/sgd.ts";
import type { LearningRates, TrainerSpec } from "./trainer.ts";
import { graphShape, MOMENTUM, stateTensors } from "./training_state.ts";
import type { Value } from "../autograd/value.ts";

/** Names of what a run of a program is given besides the state, and of what it gives back. */
export const TARGETS = "targets";
export const LOSS = "loss";
export const LOGITS = "logits";

/** The input that holds one kind of tensors' learning rate: a number. */
export function rateName(rate: keyof LearningRates): string {
  return `rate.${rate}`;
}

/** The input of the `k`th tuned part, or of the head where no part is tuned. */
export function batchInputName(k: number): string {
  return `input.${k}`;
}

/** A training run as two graphs over the same state, for any executor. */
export interface TrainingProgram {
  /** One step of SGD: what it gives back, by name. */
  readonly step: {
    /** `loss` `[1, 1]` and `logits` `[batch, 2]`, both before the step. */
    readonly results: ReadonlyMap<string, Value>;
    /** What the tensors of the state that change become, by their names. */
    readonly nextState: ReadonlyMap<string, Value>;
  };
  /** `[batch, 2]` in evaluation mode. */
  readonly evaluate: Value;
}

/**
 * Writes a step of training, forward, backward and update, and the evaluation as graphs.
 * @throws RangeError when the batch is too small for a batch norm in training mode, or the parts do not fit the head.
 */
export function trainingProgram(spec: TrainerSpec): TrainingProgram {
  if (spec.batchSize < 2) {
    throw new RangeError(
      `Cannot train: expected batches of 2 photos or more for the batch norm, got ${spec.batchSize}`,
    );
  }
  const tensors = stateTensors(spec);
  const state = new Map(tensors.map(({ name, shape }) => [name, input(name, graphShape(shape))]));
  const named = (name: string) => entryOf(state, name, "a tensor of the state");
  const features = fusedFeatures(spec, named);
  const { logits, running } = lowerHeadInTraining(spec.head, features, named);
  const loss = meanCrossEntropy(logits, input(TARGETS, [spec.batchSize, 2]));
  const trained = tensors.flatMap(({ name, rate }) => (rate === undefined ? [] : [{ name, rate }]));
  const derivatives = gradients(loss, trained.map(({ name }) => named(name)));
  const rates = { head: input(rateName("head"), []), tuned: input(rateName("tuned"), []) };
  const nextState = new Map(running);
  for (const [k, { name, rate }] of trained.entries()) {
    const before = { parameter: named(name), velocity: input(`${MOMENTUM}${name}`, named(name).shape) };
    const after = sgdStep(before, { gradient: derivatives[k], rate: rates[rate], momentum: spec.momentum });
    nextState.set(name, after.parameter).set(`${MOMENTUM}${name}`, after.velocity);
  }
  return {
    step: { results: new Map([[LOSS, loss], [LOGITS, logits]]), nextState },
    evaluate: lowerHead(spec.head, features, named),
  };
}

/** The head's input, `[batch, features]`: what it is given, or the tuned parts' features side by side. */
function fusedFeatures({ head, tuned, batchSize }: TrainerSpec, named: TensorNamed): Value {
  if (tuned.length === 0) return input(batchInputName(0), [batchSize, head.features]);
  const parts = tuned.map(({ prefix, network }, k) => {
    const { channels, height, width } = network.inputShape;
    const activation = input(batchInputName(k), [batchSize, channels, height, width]);
    return lowerNetwork(network, activation, (name) => named(`${prefix}.${name}`));
  });
  const features = concatenate(parts, 1);
  if (features.shape[1] !== head.features) {
    throw new RangeError(`Cannot train: expected ${head.features} features for the head, got ${features.shape[1]}`);
  }
  return features;
}
