/** What was asked of devices. */
export interface GpuCounts {
  readonly dispatches: number;
  readonly submits: number;
  /** The sizes of the buffers bound to the dispatches: what is read and written, each operand once. */
  readonly bytes: number;
  /** Buffers that were made. */
  readonly buffers: number;
}

/** What is asked of all devices from now on. */
export interface GpuCounter {
  counts(): GpuCounts;
  stop(): void;
}

/** Counts by standing in front of WebGPU's own methods. */
export function countGpuCalls(): GpuCounter {
  const bytesOf = new WeakMap<GPUBindGroup, number>();
  let [dispatches, submits, bytes, bound, buffers] = [0, 0, 0, 0, 0];
  const [device, pass, queue] = [GPUDevice.prototype, GPUComputePassEncoder.prototype, GPUQueue.prototype];
  const { createBindGroup, createBuffer } = device;
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
  device.createBuffer = function (descriptor) {
    buffers++;
    return createBuffer.call(this, descriptor);
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
    counts: () => ({ dispatches, submits, bytes, buffers }),
    stop() {
      Object.assign(device, { createBindGroup, createBuffer });
      Object.assign(pass, { dispatchWorkgroups, setBindGroup });
      Object.assign(queue, { submit });
    },
  };
}
