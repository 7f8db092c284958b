import { entryOf } from "../../../../../data/base/entry_of.ts";
import type { Network } from "../../../../../model/networks/layers.ts";
import { tensorShapes, trainableNames } from "../../../../../model/networks/network_tensors.ts";
import { sizeOf } from "../../../../../model/tensor.ts";

/** How many numbers training could change, as PyTorch counts parameters. */
export function parameterCount(network: Network): number {
  const shapes = tensorShapes(network);
  return trainableNames(network).reduce((sum, name) => sum + sizeOf(entryOf(shapes, name, "a tensor")), 0);
}
