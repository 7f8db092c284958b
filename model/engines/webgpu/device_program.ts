import { entryOf } from "../../../data/base/entry_of.ts";
import type { ConvolutionRow, Network } from "../../networks/layers.ts";
import type { TensorMap } from "../../tensor.ts";
import { foldBatchNorm } from "../batch_norm.ts";
import { type BufferPlan, type PlacedValue, planBuffers } from "./plan/buffer_plan.ts";
import { channelPlaces } from "./plan/channel_layout.ts";
import type { Device } from "./device/device.ts";
import { type DeviceStep, deviceSteps } from "./plan/device_steps.ts";
import { packChannels, packKernel, packNormalisation, stored } from "./pack_weights.ts";

/** A convolution's weights on the device. */
export interface UploadedConvolution {
  readonly kernel: GPUBuffer;
  readonly bias: GPUBuffer;
}

/** An output, and after which step it is whole: -1 when it is the network's input. */
export interface ProgramOutput {
  readonly name: string;
  readonly value: PlacedValue;
  readonly wholeAfter: number;
  /** Where each of its channels lies. */
  readonly places: GPUBuffer;
}

/** A network as a device runs it, whatever the batch: steps, where values lie, weights. */
export interface DeviceProgram {
  readonly network: Network;
  readonly steps: readonly DeviceStep[];
  readonly buffers: BufferPlan;
  /** By the convolution's name. */
  readonly convolutions: ReadonlyMap<string, UploadedConvolution>;
  readonly outputs: readonly ProgramOutput[];
  /** What a byte is multiplied by and what is added, four floats each, where the network takes bytes. */
  readonly normalisation?: GPUBuffer;
}

/**
 * Plans a network's steps and buffers, folds its batch norms and sends the weights to the device.
 * @throws RangeError when a weight is missing or of another shape, or too large for the device's precision.
 */
export function createDeviceProgram(
  device: Device,
  network: Network,
  weights: TensorMap,
  outputs: readonly string[],
): DeviceProgram {
  const planned = deviceSteps(network, outputs);
  const buffers = planBuffers(network, planned);
  const value = (name: string) => placeOf(buffers, name);
  const folded = planned.steps.flatMap((step) =>
    step.kind === "convolution" ? [{ step, ...foldBatchNorm(step.row, weights, network.epsilon) }] : []
  );
  // Whatever is wrong with the weights comes out before the device holds any.
  const packed = folded.map(({ step: { row, input, output }, kernel, bias }) => {
    const [from, to] = [value(input).runs, value(output).runs];
    const operation = `the weights of ${row.name}`;
    const packedKernel = stored(packKernel(kernel, from, to), device.precision, operation);
    return { name: row.name, operation, kernel: packedKernel, bias: packChannels(bias.data, to) };
  });
  const convolutions = new Map(packed.map(({ name, operation, kernel, bias }) => [name, {
    kernel: device.upload(kernel, operation),
    bias: device.upload(bias, operation),
  }]));
  const { normalisation } = network;
  return {
    network,
    normalisation: normalisation && device.upload(packNormalisation(normalisation), "the normalisation"),
    steps: planned.steps,
    buffers,
    convolutions,
    outputs: outputs.map((name) => ({
      name,
      value: value(name),
      wholeAfter: wholeAfter(name, planned),
      places: device.upload(Uint32Array.from(channelPlaces(value(name).runs)), `the places of ${name}`),
    })),
  };
}

/** Where a value lies. */
export function placeOf({ values }: BufferPlan, name: string): PlacedValue {
  return entryOf(values, name, "a value that a step writes");
}

/** The weights of a convolution. */
export function weightsOf({ convolutions }: DeviceProgram, { name }: ConvolutionRow): UploadedConvolution {
  return entryOf(convolutions, name, "weights on the device");
}

export function destroyProgram({ convolutions, outputs, normalisation }: DeviceProgram): void {
  normalisation?.destroy();
  for (const { kernel, bias } of convolutions.values()) {
    kernel.destroy();
    bias.destroy();
  }
  for (const { places } of outputs) places.destroy();
}

/** The last step that writes a value or, where it is a concatenation, a part of it. */
function wholeAfter(name: string, { steps, concatenated }: ReturnType<typeof deviceSteps>): number {
  const parts = concatenated.get(name) ?? [name];
  return Math.max(...parts.map((part) => steps.findIndex(({ output }) => output === part)));
}
