import { entryOf } from "../../data/base/entry_of.ts";
import type { ConvolutionRow, Network } from "../networks/layers.ts";
import { inputsOf } from "../networks/network.ts";
import type { ValueRange, ValueRanges } from "../networks/value_ranges.ts";
import type { TensorMap } from "../tensor.ts";
import { foldBatchNorm } from "./batch_norm.ts";
import type { NotFinite } from "./finite_probe.ts";

/** Half of what 32 bits hold: roundings of millions of sums do not make up the other half. */
const GREATEST = 2 ** 127;

/**
 * The first layer whose sums need not fit into 32 bits, for photos whose values have these ranges. Where there is none,
 * no convolution's sum was infinite or no number in whatever order it was taken, not even before a ReLU, which hides
 * that: no product is larger than the weight times the largest value, and the products of one kernel are added up here.
 * @param ranges of every value. Means may be absent: they lie in the range of the value that they average.
 */
export function firstUnbounded(
  { rows, epsilon }: Network,
  weights: TensorMap,
  ranges: ValueRanges,
): NotFinite | undefined {
  const written = new Map(rows.map((row) => [row.output, row]));
  const magnitudeOf = (value: string): number => {
    const range = ranges.get(value);
    return range ? magnitude(range) : magnitudeOf(inputsOf(entryOf(written, value, "the row of a value"))[0]);
  };
  for (const row of rows) {
    const value = row.kind === "convolution"
      ? largestSum(row, weights, epsilon, magnitudeOf(row.input)) +
        (row.residual === undefined ? 0 : magnitudeOf(row.residual))
      : magnitudeOf(row.output);
    if (!(value <= GREATEST)) return { layer: row.output, value };
  }
}

function magnitude({ least, greatest }: ValueRange): number {
  return Math.max(Math.abs(least), Math.abs(greatest));
}

/** Of all channels, the most that the magnitudes of a sum's products and its bias can add up to. */
function largestSum(row: ConvolutionRow, weights: TensorMap, epsilon: number, largestInput: number): number {
  const { kernel, bias } = foldBatchNorm(row, weights, epsilon);
  const perChannel = kernel.data.length / row.outputChannels;
  let largest = 0;
  for (let channel = 0; channel < row.outputChannels; channel++) {
    let sum = 0;
    const end = (channel + 1) * perChannel;
    for (let index = channel * perChannel; index < end; index++) sum += Math.abs(kernel.data[index]);
    largest = Math.max(largest, sum * largestInput + Math.abs(bias.data[channel]));
  }
  return largest;
}
