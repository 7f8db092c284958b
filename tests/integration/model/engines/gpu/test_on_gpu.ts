import { findGpuAdapter, type GpuAdapter, requestGpuDevice } from "../../../../../model/engines/gpu/gpu_adapter.ts";
import { GpuErrors } from "../../../../../model/engines/gpu/gpu_errors.ts";

/** The adapter that WebGPU finds here. */
export const found = await findGpuAdapter();

/** Registers a test that gets the adapter; it is ignored, and says why, where there is none. */
export function testOnAdapter(name: string, run: (adapter: GpuAdapter) => Promise<void>): void {
  Deno.test({
    name: found === undefined ? `${name} (ignored: no graphics adapter)` : name,
    ignore: found === undefined,
    async fn() {
      if (found !== undefined) await run(found);
    },
  });
}

/** Registers a test that gets a device of its own. */
export function testOnGpu(name: string, run: (device: GPUDevice, errors: GpuErrors) => Promise<void> | void): void {
  testOnAdapter(name, async (adapter) => {
    const device = await requestGpuDevice(adapter);
    const errors = new GpuErrors(device);
    try {
      await run(device, errors);
    } finally {
      errors.close();
    }
  });
}
