import * as tf from "@tensorflow/tfjs";
import { entryOf } from "../../../data/base/entry_of.ts";
import type { AveragePoolRow, ConvolutionRow, MaxPoolRow, Network, Pair, Row } from "../../networks/layers.ts";
import { inputsOf } from "../../networks/network.ts";

/** Folded convolutions on the device: the kernel as `[height, width, input channels, output channels]`. */
export interface DeviceConvolution {
  readonly kernel: tf.Tensor4D;
  readonly bias: tf.Tensor1D;
}

/** Computes one operation on a device; what goes wrong in it is reported under its name. */
export type Compute = <T>(operation: string, run: () => T) => T;

type Values = Map<string, tf.Tensor>;

/**
 * Runs a network's rows one after another and frees each value when no row after it reads it.
 * @param convolutions the folded weights of every convolution, by the row's name.
 * @param input `[batch, height, width, channels]`; it is freed as well.
 * @returns the outputs as the rows write them: `[batch, height, width, channels]`, or `[batch, channels]` when pooled.
 */
export function runRows(
  network: Network,
  convolutions: ReadonlyMap<string, DeviceConvolution>,
  input: tf.Tensor4D,
  outputs: readonly string[],
  compute: Compute,
): Map<string, tf.Tensor> {
  const values: Values = new Map([[network.input, input]]);
  const lastReader = new Map(network.rows.flatMap((row) => inputsOf(row).map((name) => [name, row])));
  try {
    for (const row of network.rows) {
      values.set(
        row.output,
        compute(`${row.output} (${row.kind})`, () => tf.tidy(() => runRow(row, values, convolutions))),
      );
      for (const name of [...inputsOf(row), row.output]) {
        const isRead = lastReader.has(name) && lastReader.get(name) !== row;
        if (!isRead && !outputs.includes(name)) free(values, name);
      }
    }
  } catch (error) {
    tf.dispose([...values.values()]);
    throw error;
  }
  return values;
}

function free(values: Values, name: string): void {
  values.get(name)?.dispose();
  values.delete(name);
}

function runRow(row: Row, values: Values, convolutions: ReadonlyMap<string, DeviceConvolution>): tf.Tensor {
  switch (row.kind) {
    case "convolution":
      return convolve(row, values, convolutions);
    case "max_pool":
      return maxPool(row, valueNamed(values, row.input));
    case "average_pool":
      return averagePool(row, valueNamed(values, row.input));
    case "concatenate":
      return tf.concat(row.inputs.map((name) => valueNamed(values, name)), 3);
    case "global_average":
      return tf.mean(valueNamed(values, row.input), [1, 2]);
  }
}

function convolve(
  row: ConvolutionRow,
  values: Values,
  convolutions: ReadonlyMap<string, DeviceConvolution>,
): tf.Tensor4D {
  const weights = entryOf(convolutions, row.name, "weights on the device");
  const convolved = tf.fused.conv2d({
    x: valueNamed(values, row.input),
    filter: weights.kernel,
    strides: [...row.stride],
    pad: explicitPadding(row.padding),
    bias: weights.bias,
    activation: row.relu && row.residual === undefined ? "relu" : "linear",
  });
  if (row.residual === undefined) return convolved;
  const sum = tf.add<tf.Tensor4D>(convolved, valueNamed(values, row.residual));
  return row.relu ? tf.relu(sum) : sum;
}

/** tfjs leaves padding out of the maximum, as PyTorch does. */
function maxPool(row: MaxPoolRow, input: tf.Tensor4D): tf.Tensor4D {
  return tf.maxPool(input, [...row.kernel], [...row.stride], explicitPadding(row.padding));
}

/** tfjs leaves padding out of the mean; where it counts, it becomes part of the picture first. */
function averagePool(row: AveragePoolRow, input: tf.Tensor4D): tf.Tensor4D {
  const padding = explicitPadding(row.padding);
  return row.countPadding
    ? tf.avgPool(tf.pad(input, padding), [...row.kernel], [...row.stride], "valid")
    : tf.avgPool(input, [...row.kernel], [...row.stride], padding);
}

/** The same padding on both sides of an axis, as PyTorch pads; TensorFlow's `same` would not be where strides differ. */
function explicitPadding([vertical, horizontal]: Pair): [Side, Side, Side, Side] {
  return [[0, 0], [vertical, vertical], [horizontal, horizontal], [0, 0]];
}
type Side = [number, number];

function valueNamed(values: Values, name: string): tf.Tensor4D {
  const value = entryOf(values, name, "a value that a row wrote");
  if (!isRank4(value)) {
    throw new RangeError(`expected ${name} of [batch, height, width, channels], got [${value.shape}]`);
  }
  return value;
}

function isRank4(value: tf.Tensor): value is tf.Tensor4D {
  return value.rank === 4;
}
