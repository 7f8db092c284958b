import type { Architecture } from "../backbones/backbones.ts";
import type { HeadShape } from "./head.ts";

/** What the names of a backbone's tensors start with in the fused network's state. */
export type BackbonePrefix = "resnet" | "inception";

/** One of the two backbones in the fused network. */
export interface FusedBackbone {
  readonly architecture: Architecture;
  readonly prefix: BackbonePrefix;
  /** The cut point: the value at which the frozen part ends and the tuned part starts. */
  readonly cutPoint: string;
  /** The blocks after the cut point, which fine-tuning trains. */
  readonly tuned: readonly string[];
  /** Other features that come out of the same pass, for heads and rescans that look at more than the last values. */
  readonly summaries: readonly Summary[];
}

/** How an activation becomes features: its global average pool, its global max pool, or an average pool over four windows. */
export interface Summary {
  readonly value: string;
  readonly by: "global_average" | "global_max" | "windows";
}

/** The backbones whose features stand side by side in this order. */
export const FUSED_BACKBONES: readonly FusedBackbone[] = [
  {
    architecture: "resnet50",
    prefix: "resnet",
    cutPoint: "layer3",
    tuned: ["layer4"],
    summaries: [{ value: "layer4", by: "global_max" }, { value: "layer4", by: "windows" }],
  },
  {
    architecture: "inception_v3",
    prefix: "inception",
    cutPoint: "Mixed_6e",
    tuned: ["Mixed_7a", "Mixed_7b", "Mixed_7c"],
    summaries: [
      { value: "Mixed_6e", by: "global_max" },
      { value: "Mixed_7a", by: "global_max" },
      { value: "Mixed_7b", by: "global_max" },
      { value: "Mixed_7c", by: "global_max" },
      { value: "Mixed_6e", by: "global_average" },
      { value: "Mixed_7b", by: "global_average" },
    ],
  },
];

/** The head on top of the fused features: three hidden layers, each half as wide as what it reads (4096: 2048-1024-512). */
export function fusionHead(features: number): HeadShape {
  return { features, hidden: [features / 2, features / 4, features / 8] };
}
