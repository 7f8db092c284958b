import type { ConvolutionRow } from "../networks/layers.ts";
import type { Tensor, TensorMap } from "../tensor.ts";
import { weightNamed } from "./compiled_network.ts";

/** A convolution that does its batch norm's work as well. */
export interface FoldedConvolution {
  /** `[output channels, input channels, height, width]`. */
  readonly kernel: Tensor;
  /** `[output channels]`. */
  readonly bias: Tensor;
}

/**
 * Folds a batch norm in evaluation mode into the convolution before it:
 * `gamma * (conv(x) - mean) / sqrt(variance + epsilon) + beta` is a convolution with kernel `kernel * scale` and bias
 * `beta - mean * scale`, where `scale = gamma / sqrt(variance + epsilon)` is one number a channel. Each result is
 * computed in double precision and rounded once.
 * Source: Jacob et al., "Quantization and Training of Neural Networks for Efficient Integer-Arithmetic-Only
 * Inference", arXiv:1712.05877, section 3.2.
 * @throws RangeError when one of the row's tensors is missing or has another shape.
 */
export function foldBatchNorm(row: ConvolutionRow, weights: TensorMap, epsilon: number): FoldedConvolution {
  const channels = row.outputChannels;
  const kernel = weightNamed(weights, `${row.name}.weight`, [channels, row.inputChannels, ...row.kernel]);
  const [gamma, beta, mean, variance] = ["weight", "bias", "running_mean", "running_var"].map((statistic) =>
    weightNamed(weights, `${row.norm}.${statistic}`, [channels]).data
  );
  const folded = new Float32Array(kernel.data.length);
  const bias = new Float32Array(channels);
  const perChannel = kernel.data.length / channels;
  for (let channel = 0; channel < channels; channel++) {
    const scale = gamma[channel] / Math.sqrt(variance[channel] + epsilon);
    bias[channel] = beta[channel] - mean[channel] * scale;
    const end = (channel + 1) * perChannel;
    for (let index = channel * perChannel; index < end; index++) folded[index] = kernel.data[index] * scale;
  }
  return { kernel: { shape: kernel.shape, data: folded }, bias: { shape: [channels], data: bias } };
}
