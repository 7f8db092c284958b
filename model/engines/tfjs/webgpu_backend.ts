import * as tf from "@tensorflow/tfjs";
import { WebGPUBackend } from "@tensorflow/tfjs-backend-webgpu";
import { type GpuAdapter, requestGpuDevice } from "../gpu/gpu_adapter.ts";
import { GpuErrors } from "../gpu/gpu_errors.ts";
import { computeOnThread, startTfjs, type TfjsBackend } from "./tfjs_backend.ts";

/** Inception_v3's largest value at full width, 64 x 147 x 147 in float32, for one photo. */
const LARGEST_ACTIVATION_BYTES = 64 * 147 * 147 * Float32Array.BYTES_PER_ELEMENT;
/** Beyond this, waiting for the photos takes longer than a fuller device saves. */
const LARGEST_BATCH = 32;

/**
 * tfjs on a device that this project asked for: with the adapter's limits instead of WebGPU's defaults, and with its
 * errors heard. tfjs has one WebGPU backend at a time: opening another one replaces it. Closing it closes the device.
 */
export async function openWebgpuBackend(found: GpuAdapter): Promise<TfjsBackend> {
  const errors = new GpuErrors(await requestGpuDevice(found));
  if (tf.findBackendFactory("webgpu") !== null) tf.removeBackend("webgpu");
  const factory = () => new WebGPUBackend(errors.device, found.adapter.info);
  tf.registerBackend("webgpu", factory);
  await startTfjs("webgpu");
  const fitting = Math.floor(errors.device.limits.maxStorageBufferBindingSize / LARGEST_ACTIVATION_BYTES);
  return {
    name: "webgpu",
    device: `${found.description}, by tfjs ${tf.version_core}`,
    batchSize: Math.max(1, Math.min(LARGEST_BATCH, fitting)),
    compute: (operation, run) => errors.watch(operation, () => computeOnThread("webgpu", operation, run)),
    settle: (results) => errors.settle(results),
    close() {
      // Another one may have taken its place.
      if (tf.findBackendFactory("webgpu") === factory) tf.removeBackend("webgpu");
      errors.close();
    },
  };
}
