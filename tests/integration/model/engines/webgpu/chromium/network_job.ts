import type { Network } from "../../../../../../model/networks/layers.ts";
import type { Tensor, TensorMap } from "../../../../../../model/tensor.ts";
import type { LearningRates, TrainerSpec } from "../../../../../../model/training/trainer.ts";

/** A tensor as JSON, which keeps 32-bit floats to the bit. */
export interface PlainTensor {
  readonly shape: readonly number[];
  readonly data: readonly number[];
}

export type PlainTensors = Readonly<Record<string, PlainTensor>>;

/** A network to be computed in a browser. */
export interface NetworkJob {
  readonly network: Network;
  readonly weights: PlainTensors;
  /** `[photos, channels, height, width]`. */
  readonly input: PlainTensor;
  readonly outputs: readonly string[];
}

/** A step of training to be taken in a browser. */
export interface StepJob {
  readonly spec: TrainerSpec;
  readonly state: PlainTensors;
  readonly inputs: readonly PlainTensor[];
  readonly labels: readonly number[];
  readonly rates: LearningRates;
}

export function plainTensors(tensors: TensorMap): PlainTensors {
  return Object.fromEntries(
    Array.from(tensors, ([name, tensor]) => [name, plainTensor(tensor)]),
  );
}

export function plainTensor({ shape, data }: Tensor): PlainTensor {
  return { shape: [...shape], data: [...data] };
}

export function tensorsOf(plain: PlainTensors): TensorMap {
  return new Map(
    Object.entries(plain).map(([name, tensor]) => [name, tensorOf(tensor)]),
  );
}

export function tensorOf({ shape, data }: PlainTensor): Tensor {
  return { shape, data: Float32Array.from(data) };
}
