import type { CompiledNetwork, Engine } from "../../../../model/engines/engine.ts";
import type { Network } from "../../../../model/networks/layers.ts";
import type { TensorMap } from "../../../../model/tensor.ts";

/** An engine made up for a test: it compiles networks as the test says, and does nothing else. */
export abstract class CompilingEngine implements Engine {
  readonly name = "cpu";
  readonly device = "none";
  precision: Engine["precision"] = "f32";
  abstract readonly batchSize: number;

  abstract compile(network: Network, weights: TensorMap, outputs: readonly string[]): Promise<CompiledNetwork>;

  train(): Promise<never> {
    return Promise.reject(new Error("Cannot train with this engine"));
  }

  matMulTransposed(): Promise<never> {
    return Promise.reject(new Error("Cannot multiply with this engine"));
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}
