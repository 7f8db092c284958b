import type { Network } from "./layers.ts";

/** What stays of a batch norm: weight and bias train, the running statistics are counted. */
const NORM_TENSORS = ["weight", "bias", "running_mean", "running_var"] as const;

/** The tensors that a network computes with, by torchvision's names, in the order of its rows: names to shapes. */
export function tensorShapes(network: Network): Map<string, readonly number[]> {
  const shapes = new Map<string, readonly number[]>();
  for (const row of network.rows) {
    if (row.kind !== "convolution") continue;
    shapes.set(`${row.name}.weight`, [row.outputChannels, row.inputChannels, ...row.kernel]);
    for (const tensor of NORM_TENSORS) shapes.set(`${row.norm}.${tensor}`, [row.outputChannels]);
  }
  return shapes;
}

/** The names of the tensors that training changes: kernels, and the batch norms' weights and biases. */
export function trainableNames(network: Network): string[] {
  return [...tensorShapes(network).keys()].filter((name) => !/\.running_(mean|var)$/.test(name));
}
