import type { Engine } from "../../../model/engines/engine.ts";
import type { HeadShape } from "../../../model/networks/fused/head.ts";
import type { TensorMap } from "../../../model/tensor.ts";
import type { Predictor } from "../classifier.ts";
import { CompiledFusion } from "./compiled_fusion.ts";

/** Photos that are predicted at a time. */
const PREDICTED_AT_ONCE = 32;

/** Predicts by a head alone, on the groups of these names. */
export async function headPredictor(
  head: HeadShape,
  groups: readonly string[],
  state: TensorMap,
  engine: Pick<Engine, "compile">,
): Promise<Predictor> {
  const compiled = await CompiledFusion.compile(engine, { head, tuned: [] }, state);
  return {
    batchSize: PREDICTED_AT_ONCE,
    logits: async (photos) => await compiled.logits([await photos.features(groups)]),
    close: () => compiled.close(),
  };
}
