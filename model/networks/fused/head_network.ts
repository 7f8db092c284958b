import { type Tensor, tensor, type TensorMap } from "../../tensor.ts";
import { BATCH_NORM_EPSILON, HEAD_NORM, type HeadShape, linearLayers } from "./head.ts";
import type { ConvolutionRow, Network } from "../layers.ts";

/** The value that a head's rows end in: `[2, 1, 1]` a photo. */
export const HEAD_LOGITS = "logits";

/** The value that a head's rows start from: the features, `[features, 1, 1]` a photo. */
const FEATURES = "features";

/**
 * A trained head as a network to compile: each linear layer is a 1x1 convolution on maps of one pixel, and the batch
 * norm has become a part of the first one (see `headWeights`), so that nothing is left but forward arithmetic.
 */
export function headNetwork(head: HeadShape): Network {
  const layers = linearLayers(head);
  return {
    architecture: "head",
    input: FEATURES,
    inputShape: { channels: head.features, height: 1, width: 1 },
    rows: layers.map(({ name, inputs, outputs }, k): ConvolutionRow => ({
      kind: "convolution",
      name,
      norm: normOf(name),
      input: k === 0 ? FEATURES : layers[k - 1].name,
      output: k === layers.length - 1 ? HEAD_LOGITS : name,
      inputChannels: inputs,
      outputChannels: outputs,
      kernel: [1, 1],
      stride: [1, 1],
      padding: [0, 0],
      relu: k < layers.length - 1,
    })),
    output: HEAD_LOGITS,
    // The rows' own batch norms are nothing but biases: they divide by exactly 1.
    epsilon: 0,
  };
}

/**
 * A head's state as the weights of `headNetwork`. Its batch norm with running statistics, a scale and a shift of each
 * feature, is folded into the first linear layer: `W (scale x + shift) + b` has the weight `W scale` and the bias
 * `W shift + b`, each computed in double precision and rounded once.
 * @param state under PyTorch's names, `head.0.weight` and so on; more than the head needs is fine.
 * @throws RangeError when a tensor is missing or of another shape.
 */
export function headWeights(head: HeadShape, state: TensorMap): TensorMap {
  const weights = new Map<string, Tensor>();
  const { scale, shift } = normAsAffine(head, state);
  for (const [k, { name, inputs, outputs }] of linearLayers(head).entries()) {
    const weight = Float32Array.from(stateTensor(state, `${name}.weight`, [outputs, inputs]));
    const bias = Float32Array.from(stateTensor(state, `${name}.bias`, [outputs]));
    if (k === 0) {
      for (let output = 0; output < outputs; output++) {
        let shifted = bias[output];
        for (let input = 0; input < inputs; input++) {
          const at = output * inputs + input;
          shifted += weight[at] * shift[input];
          weight[at] *= scale[input];
        }
        bias[output] = shifted;
      }
    }
    const filled = (value: number) => tensor([outputs], new Float32Array(outputs).fill(value));
    weights.set(`${name}.weight`, tensor([outputs, inputs, 1, 1], weight));
    weights.set(`${normOf(name)}.weight`, filled(1));
    weights.set(`${normOf(name)}.bias`, tensor([outputs], bias));
    weights.set(`${normOf(name)}.running_mean`, filled(0));
    weights.set(`${normOf(name)}.running_var`, filled(1));
  }
  return weights;
}

function normOf(layer: string): string {
  return `${layer}.norm`;
}

function normAsAffine({ features }: HeadShape, state: TensorMap): { scale: Float64Array; shift: Float64Array } {
  const [gamma, beta, mean, variance] = ["weight", "bias", "running_mean", "running_var"].map((statistic) =>
    stateTensor(state, `${HEAD_NORM}.${statistic}`, [features])
  );
  const scale = Float64Array.from(gamma, (value, k) => value / Math.sqrt(variance[k] + BATCH_NORM_EPSILON));
  return { scale, shift: Float64Array.from(beta, (value, k) => value - mean[k] * scale[k]) };
}

function stateTensor(state: TensorMap, name: string, shape: readonly number[]): Float32Array {
  const found = state.get(name);
  if (found && found.shape.join() === shape.join()) return found.data;
  const got = found ? `[${found.shape}]` : "none";
  throw new RangeError(`Cannot use the head's tensor ${name}: expected one of [${shape}], got ${got}`);
}
