import type { Tensor } from "../../model/tensor.ts";
import type { PhotoSet } from "../runner/stage.ts";
import { type CutPointInputs, cutPointsOf } from "./cut_points.ts";
import type { FeatureGroup } from "../../model/linear/feature_group.ts";
import { selectGroups } from "./store/feature_groups.ts";
import type { ExtractedFeatures, FeatureReader } from "./store/feature_store.ts";

/** What the frozen backbones make of some photos: whoever predicts from it reads what it needs, and no more. */
export interface BackboneOutputs {
  /** Groups of features side by side in the order of the names, `[photos, width of the named]`. */
  features(names: readonly string[]): Promise<Tensor>;
  /** The activations at the cut points, one tensor a backbone, `[photos, channels, height, width]`. */
  cutPoints(): Promise<Tensor[]>;
}

/** What `transform` stored of photos. */
export function storedOutputs(
  reader: FeatureReader,
  cutPoints: Pick<CutPointInputs, "of">,
  set: PhotoSet,
  ids: readonly string[],
): BackboneOutputs {
  return {
    features: (names) => reader.features(set, ids, names),
    cutPoints: () => cutPoints.of(set, ids),
  };
}

/** What the backbones have just made of photos. */
export function extractedOutputs(extracted: ExtractedFeatures, groups: readonly FeatureGroup[]): BackboneOutputs {
  return {
    features: (names) => Promise.resolve(selectGroups(extracted.features, groups, names)),
    cutPoints: () => Promise.resolve(cutPointsOf(extracted)),
  };
}
