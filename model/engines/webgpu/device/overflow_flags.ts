import type { Device } from "./device.ts";
import type { ReadRegion } from "./readback.ts";

/**
 * One flag for each dispatch of a batch that stores values in 16 bits: its kernel sets it where one does not fit (see
 * `shaderHeader`). They come back with the results, and cost no look at the values themselves.
 */
export class OverflowFlags {
  readonly #buffer: GPUBuffer;
  readonly #bytesEach: number;

  /** @param layers the dispatches that have one, in their order */
  constructor(device: Device, readonly layers: readonly string[]) {
    this.#bytesEach = OverflowFlags.bytes(device, 1);
    this.#buffer = device.storage(OverflowFlags.bytes(device, layers.length), "the flags of overflows");
  }

  /** The bytes of so many flags. Each is bound alone, and so lies where a binding may begin. */
  static bytes(device: Device, flags: number): number {
    return flags * device.gpu.limits.minStorageBufferOffsetAlignment;
  }

  /** The flag of the dispatch at a place in the order. */
  of(place: number): GPUBufferBinding {
    return { buffer: this.#buffer, offset: place * this.#bytesEach, size: Uint32Array.BYTES_PER_ELEMENT };
  }

  /** Before a batch's first dispatch. */
  clear(encoder: GPUCommandEncoder): void {
    encoder.clearBuffer(this.#buffer);
  }

  get region(): ReadRegion {
    return { buffer: this.#buffer, bytes: this.#buffer.size };
  }

  /** The first layer whose flag is set in what was read back. */
  firstSet({ buffer }: Float32Array): string | undefined {
    const words = new Uint32Array(buffer);
    const wordsEach = this.#bytesEach / Uint32Array.BYTES_PER_ELEMENT;
    return this.layers.find((_, k) => words[k * wordsEach] !== 0);
  }

  destroy(): void {
    this.#buffer.destroy();
  }
}
