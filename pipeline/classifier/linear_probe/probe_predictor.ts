import { type LinearProbe, linearProbeLogits, linearProbeParts } from "../../../model/linear/linear_probe.ts";
import type { TensorMap } from "../../../model/tensor.ts";
import type { Predictor } from "../classifier.ts";

/** Photos whose features are read at a time to be predicted. */
const PREDICTED_AT_ONCE = 256;

/** Predicts by a linear probe on the groups of these names. */
export function probePredictor(probe: LinearProbe, groups: readonly string[], state: TensorMap): Predictor {
  return {
    batchSize: PREDICTED_AT_ONCE,
    logits: async (photos) => linearProbeLogits(await photos.features(groups), probe, state),
    asSum: { groups, parts: async (photo) => linearProbeParts(await photo.features(groups), probe, state) },
    close: () => Promise.resolve(),
  };
}
