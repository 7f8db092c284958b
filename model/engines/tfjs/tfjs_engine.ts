import { createTfjsTrainer } from "../../training/tfjs_trainer.ts";
import type { Engine } from "../engine.ts";
import type { TfjsBackend } from "./tfjs_backend.ts";
import { TfjsNetwork } from "./tfjs_network.ts";

/** An engine on one of tfjs's backends. */
export function tfjsEngine(backend: TfjsBackend): Engine {
  return {
    name: backend.name,
    device: backend.device,
    batchSize: backend.batchSize,
    compile: (network, weights, outputs) => TfjsNetwork.compile(backend, network, weights, outputs),
    train: (spec, state) => createTfjsTrainer(backend, spec, state),
    close() {
      backend.close();
      return Promise.resolve();
    },
  };
}
