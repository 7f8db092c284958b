import type { Device } from "./device.ts";

/** The beginning of a buffer on the device that is wanted as floats. */
export interface ReadRegion {
  readonly buffer: GPUBuffer;
  readonly bytes: number;
}

/** Results on their way to the CPU. */
export interface PendingRead {
  readonly staging: GPUBuffer;
  /** The length of each region, in bytes. */
  readonly lengths: readonly number[];
}

/**
 * Brings results back through buffers that the CPU can map. A batch's results come in one, since each mapping waits
 * for Deno's next look at the device; batches that overlap take one each, and it is used again afterwards.
 */
export class Readback {
  readonly #free: GPUBuffer[] = [];
  #destroyed = false;

  constructor(readonly device: Device) {}

  /** Adds copies of regions to an encoder. */
  copy(encoder: GPUCommandEncoder, regions: readonly ReadRegion[]): PendingRead {
    const lengths = regions.map(({ bytes }) => bytes);
    const staging = this.#staging(sum(lengths));
    let offset = 0;
    for (const { buffer, bytes } of regions) {
      encoder.copyBufferToBuffer(buffer, 0, staging, offset, bytes);
      offset += bytes;
    }
    return { staging, lengths };
  }

  /** The floats of each region, once the copies were submitted and the device is done. */
  async floats({ staging, lengths }: PendingRead): Promise<Float32Array[]> {
    try {
      const total = sum(lengths);
      await this.device.errors.settle(staging.mapAsync(GPUMapMode.READ, 0, total));
      const mapped = staging.getMappedRange(0, total);
      let start = 0;
      const values = lengths.map((bytes) => new Float32Array(mapped.slice(start, start += bytes)));
      staging.unmap();
      if (!this.#destroyed) this.#free.push(staging);
      else staging.destroy();
      return values;
    } catch (error) {
      staging.destroy();
      throw error;
    }
  }

  /** Frees the buffers; those that are under way, when they have been read. */
  destroy(): void {
    this.#destroyed = true;
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

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
