import type { BackboneKind } from "./backbone_kind.ts";
import { INCEPTION_V3 } from "./inception_v3.ts";
import { RESNET50 } from "./resnet50.ts";

/** Every backbone whose weights can be read; which of them make the fused network is `FUSED_BACKBONES`. */
export const BACKBONES = [
  RESNET50,
  INCEPTION_V3,
] as const satisfies readonly BackboneKind[];

/** The backbones' names. */
export type Architecture = (typeof BACKBONES)[number]["architecture"];
