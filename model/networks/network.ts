import { entryOf } from "../../data/base/entry_of.ts";
import type { ActivationShape, Network, Row, Window } from "./layers.ts";

/** The values that a row reads, the residual last. */
export function inputsOf(row: Row): readonly string[] {
  if (row.kind === "concatenate") return row.inputs;
  return row.kind === "convolution" && row.residual !== undefined ? [row.input, row.residual] : [row.input];
}

/** The extent after a window slides over `extent` pixels padded on both sides, as in PyTorch (floor). */
function slide(extent: number, kernel: number, stride: number, padding: number): number {
  return Math.floor((extent + 2 * padding - kernel) / stride) + 1;
}

/** At how many places a window stops on its way down and across; less than 1 where it is larger than the input. */
export function windowShape(
  input: ActivationShape,
  { kernel, stride, padding }: Window,
): { readonly height: number; readonly width: number } {
  return {
    height: slide(input.height, kernel[0], stride[0], padding[0]),
    width: slide(input.width, kernel[1], stride[1], padding[1]),
  };
}

function describe({ channels, height, width }: ActivationShape): string {
  return `${channels}x${height}x${width}`;
}

/**
 * The shape of a row's output.
 * @param inputs the shapes of `inputsOf(row)`, in that order.
 * @throws RangeError when they do not fit the row: channels or sizes differ, or a window is larger than its input.
 */
export function outputShape(row: Row, inputs: readonly ActivationShape[]): ActivationShape {
  const fail = (expected: string, got: string): never => {
    throw new RangeError(`Cannot compute ${row.output} (${row.kind}): expected ${expected}, got ${got}`);
  };
  const [first] = inputs;
  if (row.kind === "concatenate") {
    for (const other of inputs) {
      if (other.height !== first.height || other.width !== first.width) {
        fail(`inputs of ${first.height}x${first.width}`, describe(other));
      }
    }
    return { ...first, channels: inputs.reduce((sum, { channels }) => sum + channels, 0) };
  }
  if (row.kind === "global_average") return { channels: first.channels, height: 1, width: 1 };
  const size = windowShape(first, row);
  if (size.height < 1 || size.width < 1) fail(`an input that a ${row.kernel.join("x")} window fits`, describe(first));
  if (row.kind !== "convolution") return { channels: first.channels, ...size };
  if (first.channels !== row.inputChannels) fail(`${row.inputChannels} input channels`, `${first.channels}`);
  const output = { channels: row.outputChannels, ...size };
  const residual = inputs.at(1);
  if (residual !== undefined && describe(residual) !== describe(output)) {
    fail(`a residual of ${describe(output)}`, describe(residual));
  }
  return output;
}

/**
 * Every value's shape, the input's included, in the order in which the rows write them. A pooled feature vector is
 * `channels x 1 x 1` here; engines give it back as `[batch, channels]`.
 * @throws RangeError when the rows are not a network: a value is unknown or written twice, or shapes do not fit.
 */
export function shapesOf(network: Network): Map<string, ActivationShape> {
  const shapes = new Map([[network.input, network.inputShape]]);
  for (const row of network.rows) {
    const inputs = inputsOf(row).map((name) => entryOf(shapes, name, `what ${row.output} reads`));
    if (shapes.has(row.output)) {
      throw new RangeError(`Cannot compute ${row.output}: expected a value that is written once, got it twice`);
    }
    shapes.set(row.output, outputShape(row, inputs));
  }
  entryOf(shapes, network.output, `the output of ${network.architecture}`);
  return shapes;
}

/**
 * The part of a network that computes `to` from `from` and nothing else.
 * @throws RangeError when a value is unknown, or `to` needs more than `from` (then `from` is not a cut).
 */
export function partOf(network: Network, from: string, to: string): Network {
  const shapes = shapesOf(network);
  const inputShape = entryOf(shapes, from, `a value of ${network.architecture}`);
  entryOf(shapes, to, `a value of ${network.architecture}`);
  const needed = new Set([to]);
  const rows: Row[] = [];
  for (const row of network.rows.toReversed()) {
    if (row.output === from || !needed.has(row.output)) continue;
    rows.unshift(row);
    needed.delete(row.output);
    for (const name of inputsOf(row)) needed.add(name);
  }
  needed.delete(from);
  if (needed.size > 0) {
    throw new RangeError(
      `Cannot take ${network.architecture} from "${from}" to "${to}": ` +
        `expected rows that read "${from}" alone, got ${[...needed]} as well`,
    );
  }
  const normalisation = from === network.input ? network.normalisation : undefined;
  return { ...network, input: from, inputShape, normalisation, rows, output: to };
}

/** Multiplications with additions that one photo takes in the convolutions; two floating point operations each. */
export function multiplyAdds(network: Network): number {
  const shapes = shapesOf(network);
  let total = 0;
  for (const row of network.rows) {
    if (row.kind !== "convolution") continue;
    const { channels, height, width } = entryOf(shapes, row.output, `what ${row.name} writes`);
    total += channels * height * width * row.inputChannels * row.kernel[0] * row.kernel[1];
  }
  return total;
}
