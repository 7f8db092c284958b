/**
 * What runs in the browser's page: networks and training on its own WebGPU, by the code that runs under Deno. Functions stand on the
 * page's `globalThis`; what they take and give is JSON.
 */
import { GpuErrors } from "../../../../../../model/engines/gpu/gpu_errors.ts";
import { findGpuAdapter, requestGpuDevice } from "../../../../../../model/engines/gpu/gpu_adapter.ts";
import { Device } from "../../../../../../model/engines/webgpu/device/device.ts";
import { TilesByRule } from "../../../../../../model/engines/webgpu/tiles/tile_chooser.ts";
import { createWebgpuTrainer } from "../../../../../../model/engines/webgpu/training/webgpu_trainer.ts";
import { WebgpuNetwork } from "../../../../../../model/engines/webgpu/webgpu_network.ts";
import type { NetworkJob, PlainTensors, StepJob } from "./network_job.ts";
import { plainTensors, tensorOf, tensorsOf } from "./network_job.ts";

const opened = openDevice();

async function openDevice(): Promise<Device> {
  const found = await findGpuAdapter();
  if (found === undefined) throw new Error("expected a graphics adapter in this browser, got none");
  return new Device(new GpuErrors(await requestGpuDevice(found)), found.description, "f32");
}

/** The name of the browser's adapter. */
async function adapterName(): Promise<string> {
  return (await opened).name;
}

/** The outputs that were asked for, by name. */
async function computeNetwork({ network, weights, input, outputs }: NetworkJob): Promise<PlainTensors> {
  const device = await opened;
  const compiled = await WebgpuNetwork.compile(
    device,
    new TilesByRule(device, 1),
    network,
    tensorsOf(weights),
    outputs,
  );
  try {
    return plainTensors(await compiled.run(tensorOf(input)));
  } finally {
    await compiled.close();
  }
}

/** The state after one step. */
async function takeStep({ spec, state, inputs, labels, rates }: StepJob): Promise<PlainTensors> {
  const trainer = await createWebgpuTrainer(await opened, spec, tensorsOf(state));
  try {
    await trainer.step([{ inputs: inputs.map(tensorOf), labels: Uint8Array.from(labels) }], rates);
    return plainTensors(await trainer.state());
  } finally {
    await trainer.close();
  }
}

Object.assign(globalThis, { adapterName, computeNetwork, takeStep });
