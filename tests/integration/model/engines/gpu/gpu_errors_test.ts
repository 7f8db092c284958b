import { assertEquals, assertRejects, assertStringIncludes, assertThrows } from "@std/assert";
import { UserError } from "../../../../../data/base/user_error.ts";
import { GpuErrors } from "../../../../../model/engines/gpu/gpu_errors.ts";
import { testOnGpu } from "./test_on_gpu.ts";

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
  const failure = await assertRejects(() => settled, UserError, "the device was lost (destroyed");
  assertStringIncludes(failure.message, "Run the same command again: it goes on where it was");
  // Whatever is asked of it afterwards, and however it says no.
  assertThrows(() => errors.watch("layer1", () => {}), UserError, "the device was lost");
  await assertRejects(() => errors.attempt(() => {}), UserError, "the device was lost");
});

testOnGpu("settle() and attempt() tell of a lost device that only refuses what comes next", async (device) => {
  device.popErrorScope = () => Promise.resolve(new GPUValidationError("Parent device is lost"));
  const [watching, trying] = [new GpuErrors(device), new GpuErrors(device)];
  watching.watch("layer1", () => {});
  await assertRejects(
    () => watching.settle(Promise.resolve()),
    UserError,
    "the device was lost (Parent device is lost)",
  );
  await assertRejects(() => trying.attempt(() => {}), UserError, "the device was lost (Parent device is lost)");
});

testOnGpu("settle() tells of a lost device before what failed for that reason", async (device, errors) => {
  const mapping = Promise.withResolvers<void>();
  const settled = errors.settle(mapping.promise);
  mapping.reject(new DOMException("The mapping was aborted", "AbortError"));
  device.destroy();
  await assertRejects(() => settled, UserError, "the device was lost");
});

testOnGpu("attempt() gives nothing of what the device refuses, which harms nothing else", async (device, errors) => {
  assertEquals(await errors.attempt(() => device.createShaderModule({ code: "nonsense" })), undefined);
  assertEquals(await errors.attempt(() => 1), 1);
  assertEquals(await errors.settle(Promise.resolve(2)), 2);
});
