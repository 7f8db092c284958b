import { findGpuAdapter, requestGpuDevice } from "../../../../../model/engines/gpu/gpu_adapter.ts";
import { GpuErrors } from "../../../../../model/engines/gpu/gpu_errors.ts";

/** The adapter that WebGPU finds here. */
export const found = await findGpuAdapter();

/** Registers a test that gets a device of its own; it is ignored, and says why, where there is no adapter. */
export function testOnGpu(name: string, run: (device: GPUDevice, errors: GpuErrors) => Promise<void> | void): void {
  Deno.test({
    name: found === undefined ? `${name} (ignored: no graphics adapter)` : name,
    ignore: found === undefined,
    async fn() {
      if (found === undefined) return;
      const device = await requestGpuDevice(found);
      const errors = new GpuErrors(device);
      try {
        await run(device, errors);
      } finally {
        errors.close();
      }
    },
  });
}
