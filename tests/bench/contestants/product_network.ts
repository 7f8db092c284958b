import { randomFrom } from "../../../data/random.ts";
import type { ConvolutionRow, Network } from "../../../model/networks/layers.ts";
import { tensorShapes } from "../../../model/networks/network_tensors.ts";
import { sizeOf, type Tensor, type TensorMap } from "../../../model/tensor.ts";

/**
 * A chain of products of square matrices as a network, so that every engine is measured by the code that runs the
 * backbones: a 1x1 convolution of `side` channels over `side` pixels is the product of two matrices of `side` rows.
 * What is timed is nearly all arithmetic; the highest rate stands for the device's peak.
 * @param side a multiple of 64
 */
export function productNetwork(side: number, products: number): Network {
  const width = 64;
  const rows = Array.from({ length: products }, (_, k): ConvolutionRow => ({
    kind: "convolution",
    name: `product.${k}`,
    norm: `norm.${k}`,
    input: k === 0 ? "input" : `value.${k - 1}`,
    output: `value.${k}`,
    inputChannels: side,
    outputChannels: side,
    kernel: [1, 1],
    stride: [1, 1],
    padding: [0, 0],
    relu: false,
  }));
  return {
    architecture: "resnet50",
    input: "input",
    inputShape: { channels: side, height: side / width, width },
    rows: [...rows, { kind: "global_average", input: `value.${products - 1}`, output: "features" }],
    output: "features",
    epsilon: 0,
  };
}

/** Matrices that keep the size of what they multiply, all products sharing one; batch norms that change nothing. */
export function productWeights(network: Network): TensorMap {
  const random = randomFrom(0, "product");
  const side = network.inputShape.channels;
  const bound = Math.sqrt(3 / side);
  const matrix = Float32Array.from({ length: side * side }, () => (2 * random() - 1) * bound);
  return new Map([...tensorShapes(network)].map(([name, shape]): [string, Tensor] => {
    if (name.startsWith("product.")) return [name, { shape, data: matrix }];
    const value = /\.(weight|running_var)$/.test(name) ? 1 : 0;
    return [name, { shape, data: new Float32Array(sizeOf(shape)).fill(value) }];
  }));
}

/** A batch of one for a product network. */
export function productPhoto({ inputShape: { channels, height, width } }: Network): Tensor {
  const random = randomFrom(0, "photo");
  const data = Float32Array.from({ length: channels * height * width }, () => 2 * random() - 1);
  return { shape: [1, channels, height, width], data };
}
