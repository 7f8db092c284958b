import { type Tensor, tensor, type TensorMap } from "../../tensor.ts";

/** The classifier on top: batch norm over the features, then linear layers with ReLU between, two logits last. */
export interface HeadShape {
  readonly features: number;
  /** Widths between the features and the two logits; empty for one linear layer. */
  readonly hidden: readonly number[];
}

/** PyTorch's defaults of `BatchNorm1d`. */
export const BATCH_NORM_EPSILON = 1e-5;
export const BATCH_NORM_MOMENTUM = 0.1;

/** Cat and dog. */
const CLASSES = 2;

/** One linear layer of a head. */
export interface LinearLayer {
  /** Its number in PyTorch's `Sequential`: the batch norm is 0, and ReLUs count. */
  readonly name: string;
  readonly inputs: number;
  readonly outputs: number;
}

/** The batch norm's name in a state. */
export const HEAD_NORM = "head.0";

/** The linear layers in order; the last one gives the two logits. */
export function linearLayers({ features, hidden }: HeadShape): LinearLayer[] {
  const widths = [features, ...hidden, CLASSES];
  return widths.slice(1).map((outputs, k) => ({ name: `head.${1 + 2 * k}`, inputs: widths[k], outputs }));
}

/**
 * A head as PyTorch makes it: a linear layer's weight and bias are uniform in `(-b, b)` with `b = 1 / sqrt(inputs)`,
 * the batch norm starts as the identity.
 * @param random draws uniformly from [0, 1).
 */
export function initialHead(head: HeadShape, random: () => number): TensorMap {
  const filled = (value: number) => tensor([head.features], new Float32Array(head.features).fill(value));
  const state = new Map<string, Tensor>([
    [`${HEAD_NORM}.weight`, filled(1)],
    [`${HEAD_NORM}.bias`, filled(0)],
    [`${HEAD_NORM}.running_mean`, filled(0)],
    [`${HEAD_NORM}.running_var`, filled(1)],
  ]);
  for (const { name, inputs, outputs } of linearLayers(head)) {
    const bound = 1 / Math.sqrt(inputs);
    const uniform = (length: number) => Float32Array.from({ length }, () => (2 * random() - 1) * bound);
    state.set(`${name}.weight`, tensor([outputs, inputs], uniform(outputs * inputs)));
    state.set(`${name}.bias`, tensor([outputs], uniform(outputs)));
  }
  return state;
}
