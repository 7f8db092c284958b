import { TfjsNetwork } from "../../../model/engines/tfjs/tfjs_network.ts";
import { openWebgpuBackend } from "../../../model/engines/tfjs/webgpu_backend.ts";
import type { GpuAdapter } from "../../../model/engines/gpu/gpu_adapter.ts";
import type { Network } from "../../../model/networks/layers.ts";
import { sizeOf, type TensorMap } from "../../../model/tensor.ts";

/** What tfjs's WebGPU backend asks of a device for one batch. */
export interface DispatchCounts {
  readonly dispatches: number;
  readonly submits: number;
  /** The sizes of the buffers bound to the dispatches: what is read and written, each operand once. */
  readonly bytes: number;
}

/** Runs one batch by tfjs and listens to what it asks of the device. */
export async function countTfjs(
  found: GpuAdapter,
  network: Network,
  weights: TensorMap,
  photos: number,
): Promise<DispatchCounts> {
  const backend = await openWebgpuBackend(found);
  const compiled = await TfjsNetwork.compile(backend, network, weights, [network.output]);
  const { channels, height, width } = network.inputShape;
  const shape = [photos, channels, height, width];
  const input = { shape, data: new Float32Array(sizeOf(shape)).fill(0.5) };
  const listener = listen();
  try {
    await compiled.run(input);
    return listener.counts();
  } finally {
    listener.stop();
    await compiled.close();
    backend.close();
  }
}

/** Counts by standing in front of WebGPU's own methods. */
function listen(): { counts(): DispatchCounts; stop(): void } {
  const bytesOf = new WeakMap<GPUBindGroup, number>();
  let [dispatches, submits, bytes, bound] = [0, 0, 0, 0];
  const [device, pass, queue] = [GPUDevice.prototype, GPUComputePassEncoder.prototype, GPUQueue.prototype];
  const { createBindGroup } = device;
  const { dispatchWorkgroups, setBindGroup } = pass;
  const { submit } = queue;
  device.createBindGroup = function (descriptor) {
    const group = createBindGroup.call(this, descriptor);
    const sizes = [...descriptor.entries].map((
      { resource },
    ) => ("buffer" in resource ? resource.size ?? resource.buffer.size : 0));
    bytesOf.set(group, sizes.reduce((sum, size) => sum + size, 0));
    return group;
  };
  pass.setBindGroup = function (index: number, group: GPUBindGroup | null) {
    bound = (group && bytesOf.get(group)) ?? 0;
    Reflect.apply(setBindGroup, this, [index, group]);
  };
  pass.dispatchWorkgroups = function (...grid) {
    dispatches++;
    bytes += bound;
    return dispatchWorkgroups.apply(this, grid);
  };
  queue.submit = function (buffers) {
    submits++;
    return submit.call(this, buffers);
  };
  return {
    counts: () => ({ dispatches, submits, bytes }),
    stop() {
      Object.assign(device, { createBindGroup });
      Object.assign(pass, { dispatchWorkgroups, setBindGroup });
      Object.assign(queue, { submit });
    },
  };
}
