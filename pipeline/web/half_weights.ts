import { type StoredArray, storedTensor } from "../../model/weights/safetensors.ts";
import type { Tensor, TensorMap } from "../../model/tensor.ts";

/** Beyond this a number has no place in 16 bits. */
const LARGEST_HALF = 65_504;

/**
 * Tensors to be stored: kernels and matrices in 16 bits, which halves the file; whatever has one number a channel, and
 * what would overflow, in 32.
 */
export function halfWeights(tensors: TensorMap): Map<string, StoredArray> {
  return new Map([...tensors].map(([name, tensor]) => [name, storedTensor(tensor, fitsHalf(tensor) ? "F16" : "F32")]));
}

function fitsHalf({ shape, data }: Tensor): boolean {
  return shape.length > 1 && data.every((value) => Math.abs(value) <= LARGEST_HALF);
}
