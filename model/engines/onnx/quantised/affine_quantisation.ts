import type { ValueRange } from "../../../networks/value_ranges.ts";
import { sizeOf } from "../../../tensor.ts";
import type { FoldedConvolution } from "../../batch_norm.ts";
import type { KernelBits } from "../../engine.ts";

/** How a byte stands for a real number: `scale * (byte - zeroPoint)`. */
export interface Quantisation {
  readonly scale: number;
  /** The byte that stands for 0 exactly, so that padding and ReLU stay what they are. */
  readonly zeroPoint: number;
}

const LARGEST_BYTE = 255;

/** What is smaller counts as nothing: products of two such scales are still numbers in 32 bits. */
const LEAST_SCALE = 2 ** -60;

/** Biases are kept so far from the end of 32 bits that sums of products have room beside them. */
const LARGEST_BIAS = 2 ** 30;

/**
 * The quantisation of a range in unsigned bytes; 0 always has a byte of its own.
 * Source: Jacob et al., "Quantization and Training of Neural Networks for Efficient Integer-Arithmetic-Only
 * Inference", arXiv:1712.05877, section 3.
 */
export function quantisationOf({ least, greatest }: ValueRange): Quantisation {
  const low = Math.min(0, least);
  const high = Math.max(0, greatest);
  const scale = Math.fround(Math.max((high - low) / LARGEST_BYTE, LEAST_SCALE));
  return { scale, zeroPoint: Math.round(-low / scale) };
}

/** A convolution in integers, one scale an output channel: `weight = scale * integer`, without a zero point. */
export interface QuantisedConvolution {
  readonly kernel: Int8Array;
  /** `[output channels]`. */
  readonly scales: Float32Array;
  /** `[output channels]`, in the unit of the sums that it is added to: the input's scale times the kernel's. */
  readonly bias: Int32Array;
}

/**
 * @param bits of each of the kernel's integers, its sign included: 8, or 7 where sums of two products must fit into 16
 * bits.
 * @param inputScale of the bytes that the convolution reads.
 */
export function quantisedConvolution(
  { kernel, bias }: FoldedConvolution,
  bits: KernelBits,
  inputScale: number,
): QuantisedConvolution {
  const [channels, ...rest] = kernel.shape;
  const perChannel = sizeOf(rest);
  const largest = 2 ** (bits - 1) - 1;
  const integers = new Int8Array(kernel.data.length);
  const scales = new Float32Array(channels);
  for (let channel = 0; channel < channels; channel++) {
    const [start, end] = [channel * perChannel, (channel + 1) * perChannel];
    let magnitude = 0;
    for (let index = start; index < end; index++) magnitude = Math.max(magnitude, Math.abs(kernel.data[index]));
    // Beside a large bias, the smallest weights count for nothing.
    const forBias = Math.abs(bias.data[channel]) / (LARGEST_BIAS * inputScale);
    const scale = Math.fround(Math.max(magnitude / largest, forBias, LEAST_SCALE));
    scales[channel] = scale;
    // For a quotient of two 32-bit floats this equals Math.round(), and is faster.
    for (let index = start; index < end; index++) integers[index] = Math.floor(kernel.data[index] / scale + 0.5);
  }
  const sums = Int32Array.from(bias.data, (value, channel) => Math.round(value / (inputScale * scales[channel])));
  return { kernel: integers, scales, bias: sums };
}
