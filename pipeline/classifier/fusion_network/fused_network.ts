import { FUSED_BACKBONES, fusionHead } from "../../../model/networks/fused/fusion_net.ts";
import { partOf } from "../../../model/networks/network.ts";
import { tensorShapes } from "../../../model/networks/network_tensors.ts";
import type { TensorMap } from "../../../model/tensor.ts";
import type { TrainerSpec, TunedPart } from "../../../model/training/trainer.ts";
import type { Backbone } from "../../../model/weights/backbone.ts";
import { featureGroups } from "../../features/extract/feature_extractor.ts";
import { fusedWidth } from "../../features/fused_features.ts";
import { entryOf } from "../../../data/base/entry_of.ts";

/** The parts of the backbones that fine-tuning trains, from their cut point to the pooled features. */
export function tunedParts(backbones: readonly Backbone[]): TunedPart[] {
  return FUSED_BACKBONES.map(({ prefix, cutPoint }, k) => {
    const { network } = backbones[k];
    return { prefix, network: partOf(network, cutPoint, network.output) };
  });
}

/** The fused network from the cut points on. */
export function fusedNetwork(backbones: readonly Backbone[]): Pick<TrainerSpec, "head" | "tuned"> {
  return { head: fusionHead(fusedWidth(featureGroups(backbones))), tuned: tunedParts(backbones) };
}

/** The state that fine-tuning starts from: the trained head, and the tuned parts as the weights files have them. */
export function fusedState(backbones: readonly Backbone[], head: TensorMap): TensorMap {
  const state = new Map(head);
  for (const [k, { prefix, network }] of tunedParts(backbones).entries()) {
    for (const name of tensorShapes(network).keys()) {
      state.set(`${prefix}.${name}`, entryOf(backbones[k].weights, name, "a backbone's weight"));
    }
  }
  return state;
}
