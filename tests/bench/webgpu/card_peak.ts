import type { Device } from "../../../model/engines/webgpu/device/device.ts";
import type { DeviceClock } from "../../../model/engines/webgpu/device/device_clock.ts";
import { timeDispatch } from "./dispatch_timer.ts";
import { groupBytes } from "../../../model/engines/webgpu/kernels/shader.ts";

/** What a card does at best, as measured. */
export interface CardPeak {
  /** Multiplications and additions in 32 bits that depend on nothing but registers. */
  readonly gflops: number;
  /** Bytes copied from one buffer to another, read and written; too many for a cache. */
  readonly gigabytes: number;
}

/** Independent chains of multiplications in an invocation, as many as hide their latency. */
const CHAINS = 8;
const ROUNDS = 32;
/** Rounds that are written out: a loop's own counting should not be measured. */
const WRITTEN_OUT = 8;
const WORKGROUP = 256;
/** Two of them are several times the largest cache. */
const LARGEST_BUFFER = 256 * 2 ** 20;

/** Measures both ends of the roofline on a device. */
export async function measurePeak(device: Device, clock: DeviceClock): Promise<CardPeak> {
  const operation = "the card's peak";
  const { maxComputeWorkgroupsPerDimension, maxStorageBufferBindingSize, maxBufferSize } = device.gpu.limits;
  const largest = Math.min(LARGEST_BUFFER, maxStorageBufferBindingSize, maxBufferSize);
  const workgroups = Math.min(maxComputeWorkgroupsPerDimension, Math.floor(largest / (WORKGROUP * groupBytes("f32"))));
  const sums = Array.from({ length: CHAINS }, (_, k) => `sum${k}`);
  const arithmetic = `
@group(0) @binding(0) var<storage, read_write> values: array<vec4<f32>>;
@compute @workgroup_size(${WORKGROUP}) fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  let factor = values[id.x % 64];
  ${sums.map((name, k) => `var ${name} = factor * ${k}.5;`).join("\n  ")}
  for (var round = 0u; round < ${ROUNDS}u; round++) {
    ${Array(WRITTEN_OUT).fill(sums.map((name) => `${name} = fma(${name}, factor, factor);`)).flat().join("\n    ")}
  }
  values[id.x % 64] = ${sums.join(" + ")};
}`;
  const copy = `
@group(0) @binding(0) var<storage, read_write> values: array<vec4<f32>>;
@group(0) @binding(1) var<storage, read_write> copied: array<vec4<f32>>;
@compute @workgroup_size(${WORKGROUP}) fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  copied[id.x] = values[id.x];
}`;
  const bytes = workgroups * WORKGROUP * groupBytes("f32");
  const buffers = [device.storage(bytes, operation), device.storage(bytes, operation)];
  try {
    const time = async (code: string, bound: readonly GPUBuffer[]) => {
      const pipeline = device.pipeline(code, operation);
      const bindings = device.bind(pipeline, bound, operation);
      return await timeDispatch(clock, { name: operation, pipeline, bindings, grid: [workgroups, 1, 1] });
    };
    const flops = workgroups * WORKGROUP * ROUNDS * WRITTEN_OUT * CHAINS * 4 * 2;
    return {
      gflops: flops / (await time(arithmetic, buffers.slice(0, 1))) / 1e6,
      gigabytes: 2 * bytes / (await time(copy, buffers)) / 1e6,
    };
  } finally {
    for (const buffer of buffers) buffer.destroy();
  }
}
