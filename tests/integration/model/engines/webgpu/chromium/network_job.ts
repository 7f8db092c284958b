import type { Network } from "../../../../../../model/networks/layers.ts";
import type { TensorMap } from "../../../../../../model/tensor.ts";

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

export function plainTensors(tensors: TensorMap): PlainTensors {
  return Object.fromEntries(
    Array.from(tensors, ([name, { shape, data }]) => [name, { shape: [...shape], data: [...data] }]),
  );
}

export function tensorsOf(plain: PlainTensors): TensorMap {
  return new Map(
    Object.entries(plain).map(([name, { shape, data }]) => [name, { shape, data: Float32Array.from(data) }]),
  );
}
