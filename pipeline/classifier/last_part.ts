import type { Engine } from "../../model/engines/engine.ts";
import { type LinearProbe, linearProbeLogits, linearProbeParts } from "../../model/linear/linear_probe.ts";
import type { HeadShape } from "../../model/networks/fused/head.ts";
import type { TensorMap } from "../../model/tensor.ts";
import type { Predictor } from "./classifier.ts";
import { CompiledFusion } from "./fusion_network/compiled_fusion.ts";

/** What a classifier computes on the groups of features that it reads, as data that can go to another program. */
export type LastPart =
  & { readonly groups: readonly string[] }
  & (
    | { readonly kind: "linear probe"; readonly probe: LinearProbe }
    | { readonly kind: "head"; readonly head: HeadShape }
  );

/** Photos that are predicted at a time. */
const PREDICTED_AT_ONCE = { probe: 256, head: 32 };

/**
 * Opens it, with the state that a fit has left, to predict by.
 * @param engine is asked for where there is something to compile
 */
export async function openLastPart(
  last: LastPart,
  state: TensorMap,
  engine: () => Promise<Pick<Engine, "compile">>,
): Promise<Predictor> {
  const { groups } = last;
  if (last.kind === "linear probe") return probePredictor(last.probe, groups, state);
  const compiled = await CompiledFusion.compile(await engine(), { head: last.head, tuned: [] }, state);
  return {
    batchSize: PREDICTED_AT_ONCE.head,
    logits: async (photos) => await compiled.logits([await photos.features(groups)]),
    close: () => compiled.close(),
  };
}

function probePredictor(probe: LinearProbe, groups: readonly string[], state: TensorMap): Predictor {
  return {
    batchSize: PREDICTED_AT_ONCE.probe,
    logits: async (photos) => linearProbeLogits(await photos.features(groups), probe, state),
    asSum: { groups, parts: async (photo) => linearProbeParts(await photo.features(groups), probe, state) },
    close: () => Promise.resolve(),
  };
}
