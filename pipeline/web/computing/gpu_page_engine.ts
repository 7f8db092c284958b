import { findGpuAdapter, type GpuAdapter, requestGpuDevice } from "../../../model/engines/gpu/gpu_adapter.ts";
import { GpuErrors } from "../../../model/engines/gpu/gpu_errors.ts";
import { Device } from "../../../model/engines/webgpu/device/device.ts";
import { TilesByRule } from "../../../model/engines/webgpu/tiles/tile_chooser.ts";
import { WebgpuNetwork } from "../../../model/engines/webgpu/webgpu_network.ts";
import type { PageEngine } from "./page_engine.ts";

/** One photo is looked at at a time; the batch is that of a map by covering parts. */
const BATCH_SIZE = 8;

/** The graphics adapter that the browser lends to pages, if it does. */
export async function pageGpu(): Promise<GpuAdapter | undefined> {
  return "gpu" in navigator ? await findGpuAdapter().catch(() => undefined) : undefined;
}

/** The visitor's GPU by the project's own kernels, in 32 bits: one photo's time is not worth rounding. */
export async function openGpuPageEngine(found: GpuAdapter): Promise<PageEngine> {
  const errors = new GpuErrors(await requestGpuDevice(found));
  const device = new Device(errors, found.description, "f32");
  const tiles = new TilesByRule(device, 1);
  return {
    name: "webgpu",
    device: `the GPU (${found.description}), by WebGPU`,
    batchSize: BATCH_SIZE,
    compile: (network, weights, outputs) => WebgpuNetwork.compile(device, tiles, network, weights, outputs),
    close() {
      errors.close();
      return Promise.resolve();
    },
  };
}
