import type { HeadShape } from "../networks/fused/head.ts";
import type { Network } from "../networks/layers.ts";
import type { Tensor, TensorMap } from "../tensor.ts";

/** A part of a backbone that trains: from the cached activation at the cut point to its pooled features. */
export interface TunedPart {
  /** What its tensors' names start with in the state: `resnet` or `inception`. */
  readonly prefix: string;
  readonly network: Network;
}

/** What is trained, and how. */
export interface TrainerSpec {
  readonly head: HeadShape;
  /**
   * The parts whose features, side by side in this order, are the head's input. With none, the head is trained alone
   * and its input is the features themselves.
   */
  readonly tuned: readonly TunedPart[];
  readonly momentum: number;
  /** Photos a step; every batch given to `step` has exactly this many. */
  readonly batchSize: number;
}

/** Learning rates of one step. */
export interface LearningRates {
  readonly head: number;
  readonly tuned: number;
}

/** One batch: `[batch, features]` for a head alone, else for each tuned part the activation at its cut point (NCHW). */
export interface TrainingBatch {
  readonly inputs: readonly Tensor[];
  /** 0 for cat, 1 for dog. */
  readonly labels: Uint8Array;
}

/** What the network made of a batch, before the step that the batch led to. */
export interface StepResult {
  /** Mean cross entropy; not finite when training has gone astray. */
  readonly loss: number;
  /** Photos whose larger logit is their label's. */
  readonly correct: number;
}

/**
 * A training run in progress: holds the parameters, the running statistics and the momentum.
 *
 * State names follow PyTorch's: `head.0.weight` (batch norm), `head.0.running_mean`, `head.1.weight` `[out, in]`, ...,
 * and `${prefix}.${torchvision name}` for tuned parts; a momentum buffer is `momentum.${name}`.
 */
export interface Trainer {
  /**
   * One step of SGD with momentum on the mean cross entropy, a batch after another.
   * The head's batch norm uses the batch's statistics and updates its running ones; the backbones' batch norms keep
   * their running statistics while their weight and bias train.
   * @returns what each batch gave before its step.
   */
  step(batches: readonly TrainingBatch[], rates: LearningRates): Promise<StepResult[]>;
  /** Logits `[batch, 2]` in evaluation mode; any batch from 1 up. */
  evaluate(inputs: readonly Tensor[]): Promise<Tensor>;
  /** A copy of everything that a later run needs to go on: give it to `Engine.train`, which takes missing momentum as 0. */
  state(): Promise<TensorMap>;
  close(): Promise<void>;
}
