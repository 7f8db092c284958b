import type { ConvolutionRow, Network, Pair } from "../../../../model/networks/layers.ts";
import { tensorShapes } from "../../../../model/networks/network_tensors.ts";
import { sizeOf, type TensorMap } from "../../../../model/tensor.ts";

/**
 * Every kind of row at its least convenient: odd and oblong sizes, kernels, strides and paddings, channel counts that
 * no vector width divides, negative values before a maximum, a residual without ReLU.
 */
export function awkwardNetwork(): Network {
  return {
    architecture: "resnet50",
    input: "input",
    inputShape: { channels: 3, height: 11, width: 14 },
    rows: [
      convolution("oblong", "input", [3, 5], { kernel: [1, 7], stride: [1, 2], padding: [0, 3] }),
      { kind: "max_pool", input: "oblong", output: "highest", kernel: [3, 2], stride: [2, 1], padding: [1, 1] },
      convolution("tall", "highest", [5, 5], { kernel: [3, 1], stride: [1, 1], padding: [1, 0], residual: "highest" }),
      { kind: "average_pool", input: "tall", output: "counted", ...same, countPadding: true },
      { kind: "average_pool", input: "tall", output: "left_out", ...same, countPadding: false },
      { kind: "concatenate", inputs: ["left_out", "tall", "counted"], output: "joined" },
      convolution("last", "joined", [15, 7], {
        kernel: [2, 3],
        stride: [2, 3],
        padding: [1, 0],
        relu: true,
      }),
      { kind: "global_average", input: "last", output: "features" },
    ],
    output: "features",
    epsilon: 1e-3,
  };
}

const same = { kernel: [3, 3], stride: [1, 1], padding: [1, 1] } as const;

interface Window {
  readonly kernel: Pair;
  readonly stride: Pair;
  readonly padding: Pair;
  readonly residual?: string;
  readonly relu?: boolean;
}

function convolution(
  name: string,
  input: string,
  [inputChannels, outputChannels]: Pair,
  window: Window,
): ConvolutionRow {
  const names = { name, norm: `${name}_norm`, input, output: name };
  return { kind: "convolution", ...names, inputChannels, outputChannels, relu: false, ...window };
}

/** Weights for a network, the variances positive; the same every time. */
export function weightsFor(network: Network): TensorMap {
  const weights = new Map();
  for (const [name, shape] of tensorShapes(network)) {
    const offset = name.endsWith("running_var") ? 1.1 : 0;
    weights.set(name, { shape, data: Float32Array.from({ length: sizeOf(shape) }, (_, k) => wave(k) + offset) });
  }
  return weights;
}

/** A number between -1 and 1 that differs from its neighbours. */
export function wave(index: number): number {
  return Math.sin(index * 12.9898 + 1);
}
