import type { PixelBatch } from "../../../../data/base/pixel_batch.ts";
import type { Network } from "../../../networks/layers.ts";
import type { Tensor } from "../../../tensor.ts";
import { batchOf } from "../../compiled_network.ts";
import type { CompiledNetwork } from "../../engine.ts";
import type { OneAtATime } from "../../one_at_a_time.ts";
import { pixelInput } from "../graphs/network_to_onnx.ts";
import { OnnxSession } from "./onnx_session.ts";

/** The cores that onnxruntime computes on. */
export interface Cores {
  readonly threads: number;
  /** Two graphs on the same cores at once would fight for the caches and need the memory of both. */
  readonly turns: OneAtATime;
}

/**
 * A network's graph, ready to run.
 * @param model an ONNX file whose input is the network's; its buffer is empty afterwards.
 */
export async function runnable(
  network: Network,
  model: Uint8Array<ArrayBuffer>,
  { threads, turns }: Cores,
): Promise<CompiledNetwork> {
  const name = network.normalisation ? pixelInput(network.input) : network.input;
  const session = await OnnxSession.create(network.architecture, model, threads);
  return {
    async run(input: Tensor | PixelBatch) {
      batchOf(network, input);
      return await turns.run(() => session.run(new Map([[name, input]])));
    },
    close: () => session.close(),
  };
}
