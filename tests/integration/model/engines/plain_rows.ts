import { entryOf } from "../../../../data/base/entry_of.ts";
import type { ActivationShape, ConvolutionRow, Network, Pair, Row } from "../../../../model/networks/layers.ts";
import { inputsOf, shapesOf } from "../../../../model/networks/network.ts";
import type { Tensor, TensorMap } from "../../../../model/tensor.ts";

/** Reads one value; outside of the picture there is none. */
type Pixel = (channel: number, y: number, x: number) => number | undefined;

/**
 * What the rows mean, one number after another and the batch norm unfolded: an oracle for small networks.
 * @param input `[1, channels, height, width]`.
 * @returns every value, flattened in NCHW order.
 */
export function runPlainly(network: Network, weights: TensorMap, input: Tensor): Map<string, number[]> {
  const shapes = shapesOf(network);
  const values = new Map<string, number[]>([[network.input, [...input.data]]]);
  for (const row of network.rows) {
    const inputs = inputsOf(row).map((name) =>
      pixelsOf(entryOf(values, name, "a value"), entryOf(shapes, name, "a shape"))
    );
    const shape = entryOf(shapes, row.output, "a shape");
    const output: number[] = [];
    for (let channel = 0; channel < shape.channels; channel++) {
      for (let y = 0; y < shape.height; y++) {
        for (let x = 0; x < shape.width; x++) {
          output.push(valueAt(row, { channel, y, x }, inputs, { network, weights, shapes }));
        }
      }
    }
    values.set(row.output, output);
  }
  return values;
}

function pixelsOf(data: readonly number[], { height, width }: ActivationShape): Pixel {
  return (channel, y, x) =>
    y >= 0 && y < height && x >= 0 && x < width ? data[(channel * height + y) * width + x] : undefined;
}

interface Place {
  readonly channel: number;
  readonly y: number;
  readonly x: number;
}

interface Context {
  readonly network: Network;
  readonly weights: TensorMap;
  readonly shapes: ReadonlyMap<string, ActivationShape>;
}

function valueAt(row: Row, place: Place, inputs: readonly Pixel[], context: Context): number {
  const { channel, y, x } = place;
  const [input] = inputs;
  switch (row.kind) {
    case "convolution":
      return convolutionAt(row, place, inputs, context);
    case "max_pool":
      return Math.max(...inside(windowAt(row, place, (pixelY, pixelX) => input(channel, pixelY, pixelX))));
    case "average_pool": {
      const all = windowAt(row, place, (pixelY, pixelX) => input(channel, pixelY, pixelX));
      const counted = row.countPadding ? all.length : inside(all).length;
      return sum(inside(all)) / counted;
    }
    case "concatenate": {
      let first = 0;
      for (const [k, name] of row.inputs.entries()) {
        const channels = entryOf(context.shapes, name, "a shape").channels;
        if (channel < first + channels) return inputs[k](channel - first, y, x) ?? NaN;
        first += channels;
      }
      return NaN;
    }
    case "global_average": {
      const { height, width } = entryOf(context.shapes, row.input, "a shape");
      const whole = { kernel: [height, width], stride: [1, 1], padding: [0, 0] } as const;
      return sum(inside(windowAt(whole, place, (pixelY, pixelX) => input(channel, pixelY, pixelX)))) / (height * width);
    }
  }
}

function convolutionAt(
  row: ConvolutionRow,
  place: Place,
  [input, residual]: readonly Pixel[],
  context: Context,
): number {
  const { network, weights } = context;
  const { channel, y, x } = place;
  const number = (name: string, index: number) => entryOf(weights, name, "a weight").data[index];
  let total = 0;
  for (let from = 0; from < row.inputChannels; from++) {
    const products = windowAt(row, place, (pixelY, pixelX, index) => {
      const perKernel = row.kernel[0] * row.kernel[1];
      const weight = number(`${row.name}.weight`, (channel * row.inputChannels + from) * perKernel + index);
      return (input(from, pixelY, pixelX) ?? 0) * weight;
    });
    total += sum(inside(products));
  }
  const deviation = Math.sqrt(number(`${row.norm}.running_var`, channel) + network.epsilon);
  const standard = (total - number(`${row.norm}.running_mean`, channel)) / deviation;
  const normalised = standard * number(`${row.norm}.weight`, channel) + number(`${row.norm}.bias`, channel);
  const added = normalised + (residual === undefined ? 0 : residual(channel, y, x) ?? NaN);
  return row.relu ? Math.max(added, 0) : added;
}

/** What a function says of every place under a window, row by row; `undefined` stands for padding. */
function windowAt(
  { kernel, stride, padding }: { kernel: Pair; stride: Pair; padding: Pair },
  { y, x }: Place,
  read: (y: number, x: number, index: number) => number | undefined,
): (number | undefined)[] {
  return Array.from({ length: kernel[0] * kernel[1] }, (_, index) => {
    const pixelY = y * stride[0] - padding[0] + Math.floor(index / kernel[1]);
    const pixelX = x * stride[1] - padding[1] + index % kernel[1];
    return read(pixelY, pixelX, index);
  });
}

function inside(values: readonly (number | undefined)[]): number[] {
  return values.filter((value) => value !== undefined);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
