import {
  BATCH_NORM_EPSILON,
  BATCH_NORM_MOMENTUM,
  HEAD_NORM,
  type HeadShape,
  linearLayers,
} from "../networks/fused/head.ts";
import type { TensorNamed } from "./lower_network.ts";
import { add, divide, matMul, mean, multiply, relu, reshape, scalar, sqrt, subtract } from "./operations.ts";
import type { Value } from "./value.ts";

/** The head's logits in evaluation mode, `[batch, 2]`: its batch norm uses the running statistics. */
export function lowerHead(head: HeadShape, features: Value, tensorNamed: TensorNamed): Value {
  const [average, variance] = RUNNING.map((statistic) => tensorNamed(`${HEAD_NORM}.${statistic}`));
  return linearPart(head, normalise(features, average, variance, tensorNamed), tensorNamed);
}

const RUNNING = ["running_mean", "running_var"] as const;

/** The head's logits in training mode, and what its running statistics become. */
export interface TrainedHead {
  /** `[batch, 2]`. */
  readonly logits: Value;
  /** By name: `head.0.running_mean` and `head.0.running_var`. */
  readonly running: ReadonlyMap<string, Value>;
}

/**
 * The head in training mode: its batch norm uses the batch's mean and (biased) variance, and the running ones move a
 * tenth of the way to the batch's mean and unbiased variance.
 * Source: Ioffe and Szegedy, "Batch Normalization", arXiv:1502.03167, as PyTorch's `BatchNorm1d` has it.
 */
export function lowerHeadInTraining(head: HeadShape, features: Value, tensorNamed: TensorNamed): TrainedHead {
  const [batch, width] = features.shape;
  const average = mean(features, [0]);
  const difference = subtract(features, average);
  const variance = mean(multiply(difference, difference), [0]);
  const batchStatistics = [average, multiply(variance, scalar(batch / (batch - 1)))];
  const running = RUNNING.map((statistic, k): [string, Value] => {
    const name = `${HEAD_NORM}.${statistic}`;
    const kept = multiply(tensorNamed(name), scalar(1 - BATCH_NORM_MOMENTUM));
    return [name, add(kept, multiply(reshape(batchStatistics[k], [width]), scalar(BATCH_NORM_MOMENTUM)))];
  });
  const logits = linearPart(head, normalise(features, average, variance, tensorNamed), tensorNamed);
  return { logits, running: new Map(running) };
}

function normalise(features: Value, average: Value, variance: Value, tensorNamed: TensorNamed): Value {
  const deviation = sqrt(add(variance, scalar(BATCH_NORM_EPSILON)));
  const normalised = divide(subtract(features, average), deviation);
  return add(multiply(normalised, tensorNamed(`${HEAD_NORM}.weight`)), tensorNamed(`${HEAD_NORM}.bias`));
}

/** Linear layers with ReLU between them. */
function linearPart(head: HeadShape, normalised: Value, tensorNamed: TensorNamed): Value {
  const layers = linearLayers(head);
  return layers.reduce((value, { name }, k) => {
    const product = matMul(value, tensorNamed(`${name}.weight`), { transposeB: true });
    const sum = add(product, tensorNamed(`${name}.bias`));
    return k === layers.length - 1 ? sum : relu(sum);
  }, normalised);
}
