import { assert, assertEquals } from "@std/assert";
import { found, testOnGpu } from "./gpu/test_on_gpu.ts";

testOnGpu("requestGpuDevice() gets the adapter's limits instead of WebGPU's defaults", (device) => {
  const adapter = found?.adapter;
  assert(adapter !== undefined);
  assertEquals(device.limits.maxBufferSize, adapter.limits.maxBufferSize);
  assertEquals(device.limits.maxStorageBufferBindingSize, adapter.limits.maxStorageBufferBindingSize);
  assertEquals(device.limits.maxComputeWorkgroupStorageSize, adapter.limits.maxComputeWorkgroupStorageSize);
});
