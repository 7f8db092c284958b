import { entryOf } from "../../data/base/entry_of.ts";
import type { ActivationShape, ConvolutionRow, MaxPoolRow, Network, Row } from "../networks/layers.ts";
import { inputsOf, shapesOf } from "../networks/network.ts";
import {
  add,
  concatenate,
  constant,
  divide,
  gatherRows,
  matMul,
  maximum,
  multiply,
  relu,
  reshape,
  scalar,
  sqrt,
  subtract,
  transpose,
} from "./operations.ts";
import type { Value } from "./value.ts";
import { averagePoolMatrix, windowRows } from "./windows.ts";

/** The lowest float32: what pads a maximum. Minus infinity is not safe in every shader. */
const LOWEST = -3.4028234663852886e38;

/** The tensor of that name in a network's state; kernels as `[output channels, height * width * input channels]`. */
export type TensorNamed = (name: string) => Value;

/**
 * Writes a part of a backbone in the operations of a training graph, batch norms with their running statistics.
 *
 * Every activation is a matrix `[photos * height * width, channels]` (NHWC), so that a 1x1 convolution is one
 * matmul, and a larger one is a matmul after its windows' pixels are gathered side by side ("im2col").
 * Source: Chellapilla, Puri and Simard, "High Performance Convolutional Neural Networks for Document Processing",
 * IWFHR 2006.
 * @param activation at the cut point, `[batch, channels, height, width]`.
 * @returns the pooled features, `[batch, channels]`.
 */
export function lowerNetwork(network: Network, activation: Value, tensorNamed: TensorNamed): Value {
  const [batch] = activation.shape;
  const shapes = shapesOf(network);
  const values = new Map([[network.input, pixelsAsRows(activation)]]);
  for (const row of network.rows) {
    const [shape] = inputsOf(row).map((name) => entryOf(shapes, name, `a value of ${network.architecture}`));
    const inputs = inputsOf(row).map((name) => entryOf(values, name, `a value of ${network.architecture}`));
    values.set(row.output, lowerRow(row, { batch, shape, inputs, epsilon: network.epsilon, tensorNamed }));
  }
  const features = entryOf(values, network.output, `a value of ${network.architecture}`);
  if (features.shape[0] !== batch) {
    throw new RangeError(`Cannot train ${network.architecture}: expected pooled features, got ${network.output}`);
  }
  return features;
}

interface RowContext {
  readonly batch: number;
  /** The first input's size. */
  readonly shape: ActivationShape;
  readonly inputs: readonly Value[];
  readonly epsilon: number;
  readonly tensorNamed: TensorNamed;
}

function lowerRow(row: Row, context: RowContext): Value {
  const { batch, shape, inputs } = context;
  const [input] = inputs;
  switch (row.kind) {
    case "convolution":
      return lowerConvolution(row, context);
    case "max_pool":
      return lowerMaxPool(row, context);
    case "average_pool": {
      const { outputs, matrix } = averagePoolMatrix(shape, row);
      return averageOfPixels(input, batch, outputs, matrix);
    }
    case "concatenate":
      return concatenate(inputs, 1);
    case "global_average": {
      const pixels = shape.height * shape.width;
      return averageOfPixels(input, batch, 1, new Float32Array(pixels).fill(1 / pixels));
    }
  }
}

/** `[batch, channels, height, width]` as `[batch * height * width, channels]`. */
function pixelsAsRows(activation: Value): Value {
  const [batch, channels, height, width] = activation.shape;
  const rows = transpose(reshape(activation, [batch, channels, height * width]), [0, 2, 1]);
  return reshape(rows, [batch * height * width, channels]);
}

/**
 * A convolution, its batch norm `(z - mean) / sqrt(variance + epsilon) * gamma + beta` as one scale and one shift a
 * channel, the residual and the ReLU.
 */
function lowerConvolution(row: ConvolutionRow, { batch, shape, inputs, epsilon, tensorNamed }: RowContext): Value {
  const [input, residual] = inputs;
  const [gamma, beta, mean, variance] = ["weight", "bias", "running_mean", "running_var"].map((tensor) =>
    tensorNamed(`${row.norm}.${tensor}`)
  );
  const scale = divide(gamma, sqrt(add(variance, scalar(epsilon))));
  const shift = subtract(beta, multiply(mean, scale));
  const pixels = pixelsUnderWindows(input, batch, shape, row);
  const product = matMul(pixels, tensorNamed(`${row.name}.weight`), { transposeB: true });
  const normalised = add(multiply(product, scale), shift);
  const sum = residual === undefined ? normalised : add(normalised, residual);
  return row.relu ? relu(sum) : sum;
}

/** `[places, taps * channels]`; the input itself where a window is one pixel and stops at each. */
function pixelsUnderWindows(input: Value, batch: number, shape: ActivationShape, row: ConvolutionRow): Value {
  if ([...row.kernel, ...row.stride].every((extent) => extent === 1) && !row.padding.some(Boolean)) return input;
  const { places, taps, rows } = windowRows(batch, shape, row);
  return reshape(gatherRows(input, rows), [places, taps * shape.channels]);
}

/** The running maximum goes first, so that of equal pixels the first one gets the gradient, as in PyTorch. */
function lowerMaxPool(row: MaxPoolRow, { batch, shape, inputs: [input] }: RowContext): Value {
  const { places, taps, rows } = windowRows(batch, shape, row);
  const tapsOfPlaces = Array.from({ length: taps }, (_, tap) => {
    return gatherRows(input, Int32Array.from({ length: places }, (_, place) => rows[place * taps + tap]), LOWEST);
  });
  return tapsOfPlaces.reduce((largest, pixels) => maximum(largest, pixels));
}

/** Multiplies each photo's pixels by a matrix `[outputs, pixels]`: `[batch * outputs, channels]`. */
function averageOfPixels(input: Value, batch: number, outputs: number, matrix: Float32Array): Value {
  const [rows, channels] = input.shape;
  const pixels = rows / batch;
  const averages = matMul(constant([outputs, pixels], matrix), reshape(input, [batch, pixels, channels]));
  return reshape(averages, [batch * outputs, channels]);
}
