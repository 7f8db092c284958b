import { sizeOf } from "../../../tensor.ts";

/** The bytes of so many values in 32 bits, as they go to the device and come back. */
export function floatBytes(shape: readonly number[]): number {
  return sizeOf(shape) * Float32Array.BYTES_PER_ELEMENT;
}
