import { availableParallelism } from "node:os";
import type { Network } from "../../networks/layers.ts";
import type { PixelBatch } from "../../networks/pixel_batch.ts";
import type { Tensor, TensorMap } from "../../tensor.ts";
import { createOnnxTrainer } from "./onnx_trainer.ts";
import { batchOf } from "../compiled_network.ts";
import type { CompiledNetwork, Engine } from "../engine.ts";
import { productShape } from "../product_shape.ts";
import { networkToOnnx, pixelInput } from "./network_to_onnx.ts";
import { OneAtATime } from "../one_at_a_time.ts";
import { OnnxSession } from "./onnx_session.ts";
import { productGraph } from "./product_graph.ts";

/** From here on only memory grows: throughput falls by 2% at 16. */
const BATCH_SIZE = 8;

/**
 * The CPU's engine: networks written as ONNX graphs and run by onnxruntime on every core.
 * @throws Error when onnxruntime cannot run here: it has no binary for this platform, for example.
 */
export async function openOnnxEngine(): Promise<Engine> {
  const threads = availableParallelism();
  // The smallest graph comes first: it says early whether onnxruntime works here, and which one it is.
  const graph = productGraph();
  // Two graphs on the same cores at once would fight for the caches and need the memory of both.
  const turns = new OneAtATime();
  const product = await OnnxSession.create(graph.name, graph.encode(), threads);
  return {
    name: "onnx",
    device: `the CPU on ${threads} ${threads === 1 ? "core" : "cores"}, by onnxruntime ${product.version}`,
    precision: "f32",
    batchSize: BATCH_SIZE,
    compile: (network, weights, outputs) => compileOnnx(network, weights, outputs, { threads, turns }),
    train: (spec, state) => createOnnxTrainer(spec, state, threads),
    async product(a, b) {
      productShape(a, b);
      const outputs = await product.run(new Map([["a", a], ["b", b]]));
      return valueOf(outputs, "product");
    },
    close() {
      product.close();
      return Promise.resolve();
    },
  };
}

function valueOf(outputs: ReadonlyMap<string, Tensor>, name: string): Tensor {
  const value = outputs.get(name);
  if (value) return value;
  throw new Error(`Cannot read what onnxruntime gave: expected ${name}, got [${[...outputs.keys()]}]`);
}

async function compileOnnx(
  network: Network,
  weights: TensorMap,
  outputs: readonly string[],
  { threads, turns }: { readonly threads: number; readonly turns: OneAtATime },
): Promise<CompiledNetwork> {
  const model = networkToOnnx(network, weights, outputs);
  const name = network.normalisation ? pixelInput(network.input) : network.input;
  const session = await OnnxSession.create(network.architecture, model, threads);
  return {
    async run(input: Tensor | PixelBatch) {
      batchOf(network, input);
      return await turns.run(() => session.run(new Map([[name, input]])));
    },
    close() {
      session.close();
      return Promise.resolve();
    },
  };
}
