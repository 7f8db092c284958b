import type { Engine } from "../../model/engines/engine.ts";
import type { TensorMap } from "../../model/tensor.ts";
import type { Predictor } from "./classifier.ts";
import { headPredictor } from "./fusion_network/head_predictor.ts";
import type { LastPart } from "./last_part.ts";
import { probePredictor } from "./linear_probe/probe_predictor.ts";

/** Opens a classifier's last part, with the state that a fit has left, to predict by. */
export async function openLastPart(
  last: LastPart,
  state: TensorMap,
  engine: Pick<Engine, "compile">,
): Promise<Predictor> {
  switch (last.kind) {
    case "linear probe":
      return probePredictor(last.probe, last.groups, state);
    case "head":
      return await headPredictor(last.head, last.groups, state, engine);
  }
}
