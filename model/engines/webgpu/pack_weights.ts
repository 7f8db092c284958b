import type { Normalisation } from "../../networks/layers.ts";
import { affineNormalisation } from "../../networks/normalisation.ts";
import type { Tensor } from "../../tensor.ts";
import { channelPlaces, type ChannelRuns, GROUP, groupsOf } from "./plan/channel_layout.ts";
import { HalfOverflow } from "./half_overflow.ts";
import type { Precision } from "./kernels/shader.ts";

/** Float16's largest value. */
const LARGEST_HALF = 65504;

/**
 * A kernel as the convolution's shader reads it: `[height, width, input channels, output channels]`, both kinds of
 * channels where their layouts put them, zeros between.
 * @param kernel `[output channels, input channels, height, width]`
 */
export function packKernel({ shape, data }: Tensor, input: ChannelRuns, output: ChannelRuns): Float32Array {
  const [outputs, inputs, height, width] = shape;
  const [inputPlaces, outputPlaces] = [channelPlaces(input), channelPlaces(output)];
  const [depth, columns] = [groupsOf(input) * GROUP, groupsOf(output) * GROUP];
  const taps = height * width;
  const packed = new Float32Array(taps * depth * columns);
  for (let to = 0; to < outputs; to++) {
    for (let from = 0; from < inputs; from++) {
      const read = (to * inputs + from) * taps;
      for (let tap = 0; tap < taps; tap++) {
        packed[(tap * depth + inputPlaces[from]) * columns + outputPlaces[to]] = data[read + tap];
      }
    }
  }
  return packed;
}

/** One number a channel, where the layout puts the channels. */
export function packChannels(values: Float32Array, runs: ChannelRuns): Float32Array<ArrayBuffer> {
  const packed = new Float32Array(groupsOf(runs) * GROUP);
  for (const [channel, place] of channelPlaces(runs).entries()) packed[place] = values[channel];
  return packed;
}

/** A normalisation as four factors, then four summands, the last of each nothing. */
export function packNormalisation(normalisation: Normalisation): Float32Array<ArrayBuffer> {
  const { scale, offset } = affineNormalisation(normalisation);
  return Float32Array.of(...scale, 0, ...offset, 0);
}

/**
 * Values as they are stored.
 * @param name what they are, for messages
 * @throws HalfOverflow when 16 bits do not hold one.
 */
export function stored(values: Float32Array, precision: Precision, name: string): ArrayBufferView<ArrayBuffer> {
  if (precision === "f32") return Float32Array.from(values);
  // What is no number is not smaller than anything.
  if (!values.every((value) => Math.abs(value) <= LARGEST_HALF)) throw new HalfOverflow(name);
  return Float16Array.from(values);
}
