import { assert, assertRejects } from "@std/assert";
import { openWebgpuBackend } from "../../../../../model/engines/tfjs/webgpu_backend.ts";
import { TfjsNetwork } from "../../../../../model/engines/tfjs/tfjs_network.ts";
import type { Network } from "../../../../../model/networks/layers.ts";
import { tensor } from "../../../../../model/tensor.ts";
import { weightsFor } from "../awkward_network.ts";
import { found, testOnGpu } from "../gpu/test_on_gpu.ts";

/** One convolution whose output is just over what a kernel of this device may bind. */
function networkBeyond({ maxStorageBufferBindingSize }: GPUSupportedLimits): Network {
  const inputShape = { channels: 1, height: 256, width: 256 };
  const channelBytes = inputShape.height * inputShape.width * Float32Array.BYTES_PER_ELEMENT;
  const outputChannels = Math.floor(maxStorageBufferBindingSize / channelBytes) + 1;
  const window = { kernel: [1, 1], stride: [1, 1], padding: [0, 0] } as const;
  const names = { name: "wide", norm: "wide_norm", input: "input", output: "wide" };
  return {
    architecture: "resnet50",
    input: "input",
    inputShape,
    rows: [
      { kind: "convolution", ...names, inputChannels: 1, outputChannels, ...window, relu: true },
      { kind: "global_average", input: "wide", output: "features" },
    ],
    output: "features",
    epsilon: 1e-5,
  };
}

testOnGpu("run() names the row that the device could not compute, and gives no zeros", async () => {
  assert(found !== undefined);
  const backend = await openWebgpuBackend(found);
  const network = networkBeyond(found.adapter.limits);
  const compiled = await TfjsNetwork.compile(backend, network, weightsFor(network), ["features"]);
  const photo = tensor([1, 1, 256, 256], new Float32Array(256 * 256).fill(1));
  await assertRejects(() => compiled.run(photo), Error, "Cannot compute wide (convolution) on WebGPU: ");
  await compiled.close();
  backend.close();
});
