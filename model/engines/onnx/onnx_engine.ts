import { availableParallelism } from "node:os";
import type { Network } from "../../layers.ts";
import type { Tensor, TensorMap } from "../../tensor.ts";
import { batchOf } from "../compiled_network.ts";
import type { CompiledNetwork } from "../engine.ts";
import { networkToOnnx } from "./network_to_onnx.ts";
import { OnnxSession } from "./onnx_session.ts";

/** A backbone, or a part of one, that onnxruntime runs. */
export async function compileOnnx(
  network: Network,
  weights: TensorMap,
  outputs: readonly string[],
): Promise<CompiledNetwork> {
  const model = networkToOnnx(network, weights, outputs);
  const session = await OnnxSession.create(network.architecture, model, availableParallelism());
  return {
    run(input: Tensor) {
      batchOf(network, input);
      return session.run(new Map([[network.input, input]]));
    },
    close() {
      session.close();
      return Promise.resolve();
    },
  };
}
