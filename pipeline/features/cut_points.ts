import { FUSED_BACKBONES } from "../../model/networks/fused/fusion_net.ts";
import type { Tensor } from "../../model/tensor.ts";
import { entryOf } from "../../data/base/entry_of.ts";
import type { PhotoSet } from "../runner/stage.ts";
import type { ExtractedFeatures } from "./store/feature_store.ts";

/** The backbones' prefixes, in the order in which their activations are given. */
export const CUT_PREFIXES: readonly string[] = FUSED_BACKBONES.map(({ prefix }) => prefix);

/** Where the activations of photos at the backbones' cut points come from, one tensor a backbone. */
export interface CutPointInputs {
  of(set: PhotoSet, ids: readonly string[]): Promise<Tensor[]>;
  close(): Promise<void>;
}

/** What was computed at the cut points, rounded as it would be by being stored. */
export function cutPointsOf({ cutPoints }: ExtractedFeatures): Tensor[] {
  return CUT_PREFIXES.map((prefix) => {
    const { shape, data } = entryOf(cutPoints, prefix, "activations at the cut point");
    return { shape, data: new Float32Array(new Float16Array(data)) };
  });
}

/** For what reads features alone. */
export const NO_CUT_POINTS: Pick<CutPointInputs, "of"> = {
  of: () => Promise.reject(new RangeError("Cannot read activations at cut points: expected what reads features alone")),
};
