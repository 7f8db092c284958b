import { randomFrom } from "../../../data/random.ts";
import type { Tensor } from "../../../model/tensor.ts";

/** Positive numbers as pooled features are, with a direction in which cats and dogs differ. */
export function separableFeatures(count: number, width: number): { features: Tensor; labels: Uint8Array } {
  const random = randomFrom(0, "features");
  const labels = Uint8Array.from({ length: count }, (_, k) => k % 2);
  const data = new Float32Array(count * width);
  for (let row = 0; row < count; row++) {
    for (let j = 0; j < width; j++) data[row * width + j] = random() + (labels[row] === 1 && j < width / 8 ? 0.5 : 0);
  }
  return { features: { shape: [count, width], data }, labels };
}

/** Labels as an array that goes to a peer. */
export function labelTensor(labels: Uint8Array): Tensor {
  return { shape: [labels.length], data: Float32Array.from(labels) };
}
