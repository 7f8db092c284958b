import { availableParallelism } from "node:os";
import type { Network } from "../../layers.ts";
import type { Tensor, TensorMap } from "../../tensor.ts";
import { createOnnxTrainer } from "../../training/onnx_trainer.ts";
import { batchOf } from "../compiled_network.ts";
import type { CompiledNetwork, Engine } from "../engine.ts";
import { networkToOnnx } from "./network_to_onnx.ts";
import { OnnxGraph } from "./onnx_graph.ts";
import { OnnxSession } from "./onnx_session.ts";

/** Throughput grows up to here; beyond, only memory does. */
const BATCH_SIZE = 16;

/**
 * The CPU's engine: networks written as ONNX graphs and run by onnxruntime on every core.
 * @throws Error when onnxruntime cannot run here: it has no binary for this platform, for example.
 */
export async function openOnnxEngine(): Promise<Engine> {
  const threads = availableParallelism();
  const version = await versionOfRuntime();
  return {
    name: "onnx",
    device: `the CPU on ${threads} ${threads === 1 ? "core" : "cores"}, by onnxruntime ${version}`,
    batchSize: BATCH_SIZE,
    compile: (network, weights, outputs) => compileOnnx(network, weights, outputs, threads),
    train: (spec, state) => createOnnxTrainer(spec, state, threads),
    close: () => Promise.resolve(),
  };
}

/** Runs a graph that does nothing, to learn early whether onnxruntime works here, and which one it is. */
async function versionOfRuntime(): Promise<string> {
  const graph = new OnnxGraph("a first graph");
  graph.output(graph.node("Identity", [graph.input("x", [1])], "y"), [1]);
  const session = await OnnxSession.create(graph.name, graph.encode(), 1);
  session.close();
  return session.version;
}

async function compileOnnx(
  network: Network,
  weights: TensorMap,
  outputs: readonly string[],
  threads: number,
): Promise<CompiledNetwork> {
  const model = networkToOnnx(network, weights, outputs);
  const session = await OnnxSession.create(network.architecture, model, threads);
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
