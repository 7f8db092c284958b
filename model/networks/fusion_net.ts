import type { Network } from "./layers.ts";
import type { HeadShape } from "../training/trainer.ts";

/** What the names of a backbone's tensors start with in the fused network's state. */
export type BackbonePrefix = "resnet" | "inception";

/** One of the two backbones in the fused network. */
export interface FusedBackbone {
  readonly architecture: Network["architecture"];
  readonly prefix: BackbonePrefix;
  /** The value at which the frozen part ends and the tuned part starts. */
  readonly boundary: string;
  /** The blocks after the boundary, which fine-tuning trains. */
  readonly tuned: readonly string[];
  /** Other features that come out of the same pass, for heads and rescans that look at more than the last values. */
  readonly summaries: readonly Summary[];
}

/** How an activation becomes features: its mean or maximum over all positions, or means over four windows. */
export interface Summary {
  readonly value: string;
  readonly by: "mean" | "maximum" | "windows";
}

/** The backbones whose features stand side by side in this order. */
export const FUSED_BACKBONES: readonly FusedBackbone[] = [
  {
    architecture: "resnet50",
    prefix: "resnet",
    boundary: "layer3",
    tuned: ["layer4"],
    summaries: [{ value: "layer4", by: "maximum" }, { value: "layer4", by: "windows" }],
  },
  {
    architecture: "inception_v3",
    prefix: "inception",
    boundary: "Mixed_6e",
    tuned: ["Mixed_7a", "Mixed_7b", "Mixed_7c"],
    summaries: [
      { value: "Mixed_6e", by: "maximum" },
      { value: "Mixed_7a", by: "maximum" },
      { value: "Mixed_7b", by: "maximum" },
      { value: "Mixed_7c", by: "maximum" },
      { value: "Mixed_6e", by: "mean" },
      { value: "Mixed_7b", by: "mean" },
    ],
  },
];

/** The head on top of the fused features: three hidden layers, each half as wide as what it reads (4096: 2048-1024-512). */
export function fusionHead(features: number): HeadShape {
  return { features, hidden: [features / 2, features / 4, features / 8] };
}
