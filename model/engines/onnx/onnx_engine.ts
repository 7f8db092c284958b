import { availableParallelism } from "node:os";
import { entryOf } from "../../../data/base/entry_of.ts";
import { createOnnxTrainer } from "./onnx_trainer.ts";
import type { Engine } from "../engine.ts";
import { matMulShape } from "../mat_mul_shape.ts";
import { networkToOnnx } from "./graphs/network_to_onnx.ts";
import { OneAtATime } from "../one_at_a_time.ts";
import { onnxIntegers } from "./quantised/onnx_integers.ts";
import { runnable } from "./sessions/runnable.ts";
import { OnnxSession } from "./sessions/onnx_session.ts";
import { matMulGraph } from "./graphs/mat_mul_graph.ts";

/** From here on only memory grows: throughput falls by 2% at 16. */
const BATCH_SIZE = 8;

/**
 * The CPU's engine: networks written as ONNX graphs and run by onnxruntime on every core.
 * @throws Error when onnxruntime cannot run here: it has no binary for this platform, for example.
 */
export async function openOnnxEngine(): Promise<Engine> {
  const threads = availableParallelism();
  // The smallest graph comes first: it says early whether onnxruntime works here, and which one it is.
  const graph = matMulGraph();
  const cores = { threads, turns: new OneAtATime() };
  const matMul = await OnnxSession.create(graph.name, graph.encode(), threads);
  return {
    name: "onnx",
    device: `the CPU on ${threads} ${threads === 1 ? "core" : "cores"}, by onnxruntime ${matMul.version}`,
    precision: "f32",
    batchSize: BATCH_SIZE,
    integers: onnxIntegers(cores),
    compile: (network, weights, outputs) => runnable(network, networkToOnnx(network, weights, outputs), cores),
    train: (spec, state) => createOnnxTrainer(spec, state, threads),
    async matMulTransposed(a, b) {
      matMulShape(a, b);
      const outputs = await matMul.run(new Map([["a", a], ["b", b]]));
      return entryOf(outputs, "product", "an output of the matmul");
    },
    close: () => matMul.close(),
  };
}
