import { randomFrom } from "../../data/random.ts";
import type { Network } from "../../model/networks/layers.ts";
import { tensorShapes } from "../../model/networks/network_tensors.ts";
import { sizeOf, type Tensor } from "../../model/tensor.ts";

/**
 * Weights to compute with when only the time counts: kernels uniform with the variance that keeps activations at their
 * size (He et al., "Delving Deep into Rectifiers", arXiv:1502.01852), batch norms that change nothing.
 */
export function randomWeights(network: Network, random = randomFrom(1, network.architecture)): Map<string, Tensor> {
  const weights = new Map<string, Tensor>();
  for (const [name, shape] of tensorShapes(network)) {
    const kernel = shape.length === 4;
    const size = sizeOf(shape);
    const bound = kernel ? Math.sqrt(6 / (size / shape[0])) : 0;
    const fixed = /running_mean|bias/.test(name) ? 0 : 1;
    const data = Float32Array.from({ length: size }, () => kernel ? (2 * random() - 1) * bound : fixed);
    weights.set(name, { shape, data });
  }
  return weights;
}
