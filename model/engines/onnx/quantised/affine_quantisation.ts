import type { ValueRange } from "../../../networks/value_ranges.ts";
import { sizeOf, type Tensor } from "../../../tensor.ts";

/** How a byte stands for a real number: `scale * (byte - zeroPoint)`. */
export interface Quantisation {
  readonly scale: number;
  /** The byte that stands for 0 exactly, so that padding and ReLU stay what they are. */
  readonly zeroPoint: number;
}

const LARGEST_BYTE = 255;

/**
 * The quantisation of a range in unsigned bytes; 0 always has a byte of its own.
 * Source: Jacob et al., "Quantization and Training of Neural Networks for Efficient Integer-Arithmetic-Only
 * Inference", arXiv:1712.05877, section 3.
 */
export function quantisationOf({ least, greatest }: ValueRange): Quantisation {
  const low = Math.min(0, least);
  const high = Math.max(0, greatest);
  // A value that is always 0 needs no scale, but arithmetic needs one that is not 0.
  const scale = high > low ? Math.fround((high - low) / LARGEST_BYTE) : 1;
  return { scale, zeroPoint: Math.round(-low / scale) };
}

/** A kernel in signed integers, one scale an output channel, and no zero point: `weight = scale * integer`. */
export interface QuantisedKernel {
  readonly integers: Int8Array;
  /** `[output channels]`. */
  readonly scales: Float32Array;
}

/**
 * @param kernel `[output channels, ...]`
 * @param bits of each integer, its sign included: 8, or 7 where sums of two products must fit into 16 bits.
 */
export function quantisedKernel(kernel: Tensor, bits: 7 | 8): QuantisedKernel {
  const [channels, ...rest] = kernel.shape;
  const perChannel = sizeOf(rest);
  const largest = 2 ** (bits - 1) - 1;
  const integers = new Int8Array(kernel.data.length);
  const scales = new Float32Array(channels);
  for (let channel = 0; channel < channels; channel++) {
    const values = kernel.data.subarray(channel * perChannel, (channel + 1) * perChannel);
    const magnitude = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    scales[channel] = magnitude > 0 ? magnitude / largest : 1;
    for (let index = 0; index < perChannel; index++) {
      integers[channel * perChannel + index] = Math.round(values[index] / scales[channel]);
    }
  }
  return { integers, scales };
}
