import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { openWebgpuBackend } from "../../../../model/engines/tfjs/webgpu_backend.ts";
import { TfjsNetwork } from "../../../../model/engines/tfjs/tfjs_network.ts";
import { findGpuAdapter, requestGpuDevice } from "../../../../model/engines/gpu/gpu_adapter.ts";
import { GpuErrors } from "../../../../model/engines/gpu/gpu_errors.ts";
import type { Network } from "../../../../model/networks/layers.ts";
import { tensor } from "../../../../model/tensor.ts";
import { weightsFor } from "./awkward_network.ts";

const found = await findGpuAdapter();

function testOnGpu(name: string, run: (device: GPUDevice, errors: GpuErrors) => Promise<void>): void {
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

testOnGpu("requestGpuDevice() gets the adapter's limits instead of WebGPU's defaults", async (device) => {
  const adapter = (await findGpuAdapter())?.adapter;
  assert(adapter !== undefined);
  assertEquals(device.limits.maxBufferSize, adapter.limits.maxBufferSize);
  assertEquals(device.limits.maxStorageBufferBindingSize, adapter.limits.maxStorageBufferBindingSize);
  assertEquals(device.limits.maxComputeWorkgroupStorageSize, adapter.limits.maxComputeWorkgroupStorageSize);
});

testOnGpu("settle() gives results back when nothing went wrong", async (device, errors) => {
  const size = errors.watch("a buffer", () => device.createBuffer({ size: 16, usage: GPUBufferUsage.STORAGE }).size);
  assertEquals(await errors.settle(Promise.resolve(size)), 16);
});

testOnGpu("settle() names the operation whose shader does not compile", async (device, errors) => {
  errors.watch("layer1.0.conv1", () => device.createBuffer({ size: 16, usage: GPUBufferUsage.STORAGE }));
  errors.watch("layer1.0.conv2", () => device.createShaderModule({ code: "fn main() { let x: u32 = 1.5; }" }));
  await assertRejects(
    () => errors.settle(Promise.resolve()),
    Error,
    "Cannot compute layer1.0.conv2 on WebGPU: ",
  );
});

testOnGpu("settle() names the operation whose buffer is over the device's limit", async (device, errors) => {
  const size = device.limits.maxBufferSize + 4;
  errors.watch("stem", () => device.createBuffer({ size, usage: GPUBufferUsage.STORAGE }));
  await assertRejects(() => errors.settle(Promise.resolve()), Error, "Cannot compute stem on WebGPU: ");
});

testOnGpu("watch() refuses everything after a failure", async (device, errors) => {
  errors.watch("stem", () => device.createShaderModule({ code: "nonsense" }));
  const failure = await assertRejects(() => errors.settle(Promise.resolve()), Error);
  const later = await assertRejects(async () => await errors.watch("layer1", () => Promise.resolve()), Error);
  assertEquals(later, failure);
});

testOnGpu("settle() fails on an error that no operation was watched for", async (device, errors) => {
  device.createShaderModule({ code: "nonsense" });
  await new Promise((resolve) => setTimeout(resolve, 50));
  await assertRejects(
    () => errors.settle(Promise.resolve()),
    Error,
    "Cannot compute an operation that was not watched",
  );
});

testOnGpu("settle() fails when the device is lost, though results never come", async (device, errors) => {
  const never = Promise.withResolvers<void>();
  const settled = errors.settle(never.promise);
  device.destroy();
  const failure = await assertRejects(() => settled, Error, "the device was lost");
  assertStringIncludes(failure.message, "destroyed");
});

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
