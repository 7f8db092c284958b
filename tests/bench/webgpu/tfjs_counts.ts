import { TfjsNetwork } from "../../../model/engines/tfjs/tfjs_network.ts";
import { openWebgpuBackend } from "../../../model/engines/tfjs/webgpu_backend.ts";
import type { GpuAdapter } from "../../../model/engines/gpu/gpu_adapter.ts";
import type { Network } from "../../../model/networks/layers.ts";
import { sizeOf, type TensorMap } from "../../../model/tensor.ts";
import { countGpuCalls, type GpuCounts } from "../../integration/model/engines/gpu/gpu_counts.ts";

/** Runs one batch by tfjs and listens to what it asks of the device. */
export async function countTfjs(
  found: GpuAdapter,
  network: Network,
  weights: TensorMap,
  photos: number,
): Promise<GpuCounts> {
  const backend = await openWebgpuBackend(found);
  const compiled = await TfjsNetwork.compile(backend, network, weights, [network.output]);
  const { channels, height, width } = network.inputShape;
  const shape = [photos, channels, height, width];
  const input = { shape, data: new Float32Array(sizeOf(shape)).fill(0.5) };
  const listener = countGpuCalls();
  try {
    await compiled.run(input);
    return listener.counts();
  } finally {
    listener.stop();
    await compiled.close();
    backend.close();
  }
}
