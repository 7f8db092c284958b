import type { Engine } from "../engine.ts";
import { Device } from "./device/device.ts";
import { type GpuAdapter, requestGpuDevice } from "../gpu/gpu_adapter.ts";
import { GpuErrors } from "../gpu/gpu_errors.ts";
import type { Precision } from "./kernels/shader.ts";
import { storedTiles } from "./tiles/stored_tiles.ts";
import { MeasuredTiles, tilesByRule } from "./tiles/tile_search.ts";
import { matMulTransposed } from "./training/mat_mul_transposed.ts";
import { createWebgpuTrainer } from "./training/webgpu_trainer.ts";
import { WebgpuNetwork } from "./webgpu_network.ts";

/** Beyond this, waiting for the photos takes longer than a fuller device saves. */
const BATCH_SIZE = 32;

/**
 * This project's own kernels on a WebGPU device, to run and to train.
 * @param precision how activations are stored: by default in 16 bits where a GPU has them, else in 32.
 */
export async function openWebgpuEngine(found: GpuAdapter, precision?: Precision): Promise<Engine> {
  const gpu = await requestGpuDevice(found);
  const errors = new GpuErrors(gpu);
  const { vendor, architecture } = found.adapter.info;
  const stores = precision ?? (gpu.features.has("shader-f16") && !found.isSoftware ? "f16" : "f32");
  const device = new Device(errors, [found.description, vendor, architecture].join(" "), stores);
  const measured = new MeasuredTiles(device, storedTiles(device.name));
  const tiles = found.isSoftware ? tilesByRule(device) : measured;
  return {
    name: "webgpu",
    device: `${found.description}, in ${stores === "f16" ? 16 : 32} bits`,
    precision: stores,
    batchSize: BATCH_SIZE,
    compile: (network, weights, outputs) => WebgpuNetwork.compile(device, tiles, network, weights, outputs),
    train: (spec, state) => createWebgpuTrainer(device, spec, state),
    matMulTransposed: (a, b) => matMulTransposed(device, a, b),
    close() {
      errors.close();
      return Promise.resolve();
    },
  };
}
