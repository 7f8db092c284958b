import { Device } from "../../../../../model/engines/webgpu/device/device.ts";
import { requestGpuDevice } from "../../../../../model/engines/gpu/gpu_adapter.ts";
import { GpuErrors } from "../../../../../model/engines/gpu/gpu_errors.ts";
import type { Precision } from "../../../../../model/engines/webgpu/kernels/shader.ts";
import { type Lacking, limitedAdapter } from "../gpu/limited_adapter.ts";
import { found, testOnAdapter } from "../gpu/test_on_gpu.ts";
import type { Network } from "../../../../../model/networks/layers.ts";

/** How the adapter that WebGPU finds here can store values. */
export const precisions = (["f32", "f16"] as const).filter((precision) =>
  precision === "f32" || found?.adapter.features.has("shader-f16")
);

/** Registers a test that gets a device of its own, of an adapter that may lack something. */
export function testOnDevice(
  name: string,
  run: (device: Device) => Promise<void>,
  { precision = "f32", ...lacking }: { readonly precision?: Precision } & Lacking = {},
): void {
  testOnAdapter(name, async (adapter) => {
    const errors = new GpuErrors(await requestGpuDevice(limitedAdapter(adapter, lacking)));
    try {
      await run(new Device(errors, adapter.description, precision));
    } finally {
      errors.close();
    }
  });
}

/** More rows and columns than the largest tile has, and not a multiple of any. */
export function wideNetwork(): Network {
  const window = { kernel: [1, 1], stride: [1, 1], padding: [0, 0] } as const;
  return {
    architecture: "resnet50",
    input: "input",
    inputShape: { channels: 3, height: 13, width: 11 },
    rows: [{
      kind: "convolution",
      name: "wide",
      norm: "wide_norm",
      input: "input",
      output: "wide",
      inputChannels: 3,
      outputChannels: 141,
      ...window,
      relu: true,
    }],
    output: "wide",
    epsilon: 1e-3,
  };
}
