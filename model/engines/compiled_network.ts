import { entryOf } from "../../data/base/entry_of.ts";
import type { ActivationShape, Network } from "../networks/layers.ts";
import { shapesOf } from "../networks/network.ts";
import type { PixelBatch } from "../../data/base/pixel_batch.ts";
import type { Tensor, TensorMap } from "../tensor.ts";

/**
 * One weight, with the shape that a row asks for.
 * @throws RangeError when it is missing or has another shape.
 */
export function weightNamed(weights: TensorMap, name: string, shape: readonly number[]): Tensor {
  const weight = weights.get(name);
  if (weight === undefined || weight.shape.join() !== shape.join()) {
    const got = weight === undefined ? "none" : `[${weight.shape}]`;
    throw new RangeError(`Cannot use the weight ${name}: expected a tensor of [${shape}], got ${got}`);
  }
  return weight;
}

/**
 * The shape in which an engine gives each output back, without the batch: `[channels]` for what a global average wrote,
 * `[channels, height, width]` for everything else.
 * @throws RangeError when the rows are not a network or do not write an output.
 */
export function outputShapes(network: Network, outputs: readonly string[]): Map<string, readonly number[]> {
  const shapes = shapesOf(network);
  const pooled = new Set(network.rows.filter((row) => row.kind === "global_average").map((row) => row.output));
  return new Map(outputs.map((name) => {
    const shape = entryOf(shapes, name, `an output of ${network.architecture}`);
    return [name, pooled.has(name) ? [shape.channels] : extentsOf(shape)];
  }));
}

/**
 * Checks a batch before it goes to a device.
 * @returns how many photos it holds.
 * @throws RangeError when it is not `[batch, channels, height, width]` in floats, or `[batch, height, width, channels]`
 * in bytes where the network normalises, with the network's extents and a batch of 1 or more, or holds another number
 * of values than its shape says.
 */
export function batchOf(network: Network, input: Tensor | PixelBatch): number {
  const [batch, ...extents] = input.shape;
  const { channels, height, width } = network.inputShape;
  const [expected, element] = network.normalisation
    ? [[height, width, channels], Uint8Array]
    : [[channels, height, width], Float32Array];
  const values = expected.reduce((product, extent) => product * extent, batch);
  const fits = extents.join() === expected.join() && input.data.length === values && input.data instanceof element;
  if (!(batch >= 1) || !fits) {
    throw new RangeError(
      `Cannot run ${network.architecture}: expected ${network.input} of [batch, ${expected.join(", ")}] in a ` +
        `${element.name}, got [${input.shape.join(", ")}] with ${input.data.length} values in a ` +
        input.data.constructor.name,
    );
  }
  return batch;
}

function extentsOf({ channels, height, width }: ActivationShape): number[] {
  return [channels, height, width];
}
