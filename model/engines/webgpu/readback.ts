import type { Device } from "./device.ts";

/** The beginning of a buffer on the device that is wanted as floats. */
export interface ReadRegion {
  readonly buffer: GPUBuffer;
  readonly bytes: number;
}

/**
 * Brings results back through buffers that the CPU can map. A batch's results come in one, since each mapping waits
 * for Deno's next look at the device; batches that overlap take one each, and it is used again afterwards.
 */
export class Readback {
  readonly #free: GPUBuffer[] = [];

  constructor(readonly device: Device) {}

  /** Adds copies to an encoder, submits it, and gives the floats of each region when the device is done. */
  async read(encoder: GPUCommandEncoder, regions: readonly ReadRegion[]): Promise<Float32Array[]> {
    const { gpu, errors } = this.device;
    const total = regions.reduce((sum, { bytes }) => sum + bytes, 0);
    const staging = this.#staging(total);
    let offset = 0;
    for (const { buffer, bytes } of regions) {
      encoder.copyBufferToBuffer(buffer, 0, staging, offset, bytes);
      offset += bytes;
    }
    gpu.queue.submit([encoder.finish()]);
    await errors.settle(staging.mapAsync(GPUMapMode.READ, 0, total));
    const mapped = staging.getMappedRange(0, total);
    let start = 0;
    const values = regions.map(({ bytes }) => new Float32Array(mapped.slice(start, start += bytes)));
    staging.unmap();
    this.#free.push(staging);
    return values;
  }

  destroy(): void {
    for (const staging of this.#free.splice(0)) staging.destroy();
  }

  #staging(bytes: number): GPUBuffer {
    const fitting = this.#free.findIndex(({ size }) => size >= bytes);
    if (fitting >= 0) return this.#free.splice(fitting, 1)[0];
    for (const tooSmall of this.#free.splice(0)) tooSmall.destroy();
    return this.device.gpu.createBuffer({
      label: "results",
      size: bytes,
      usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST,
    });
  }
}
