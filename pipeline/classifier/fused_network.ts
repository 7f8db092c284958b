import { FUSED_BACKBONES, fusionHead } from "../../model/networks/fusion_net.ts";
import { partOf } from "../../model/networks/network.ts";
import { tensorShapes } from "../../model/networks/network_tensors.ts";
import type { TensorMap } from "../../model/tensor.ts";
import type { TrainerSpec, TunedPart } from "../../model/training/trainer.ts";
import type { Backbone } from "../../model/weights/backbone.ts";
import { featureWidth } from "../weights/open_backbones.ts";

/** The parts of the backbones that fine-tuning trains, from their boundary to the pooled features. */
export function tunedParts(backbones: readonly Backbone[]): TunedPart[] {
  return FUSED_BACKBONES.map(({ prefix, boundary }, k) => {
    const { network } = backbones[k];
    return { prefix, network: partOf(network, boundary, network.output) };
  });
}

/** The fused network from the boundaries on, as it is fine-tuned and as it predicts. */
export function fusedSpec(
  backbones: readonly Backbone[],
  { momentum, batchSize }: Pick<TrainerSpec, "momentum" | "batchSize">,
): TrainerSpec {
  return { head: fusionHead(featureWidth(backbones)), tuned: tunedParts(backbones), momentum, batchSize };
}

/** The state that fine-tuning starts from: the trained head, and the tuned parts as the weights files have them. */
export function fusedState(backbones: readonly Backbone[], head: TensorMap): TensorMap {
  const state = new Map(head);
  for (const [k, { prefix, network }] of tunedParts(backbones).entries()) {
    for (const name of tensorShapes(network).keys()) {
      const tensor = backbones[k].weights.get(name);
      if (tensor) state.set(`${prefix}.${name}`, tensor);
    }
  }
  return state;
}
