import type { Tensor, TensorMap } from "../../../tensor.ts";
import { BATCH_NORM_EPSILON, HEAD_NORM, type HeadShape, linearLayers } from "../../../networks/fused/head.ts";
import { weightNamed } from "../../compiled_network.ts";
import type { OnnxGraph } from "./onnx_graph.ts";

/** The class whose probability is asked for, among cat and dog. */
const DOG = 1n;

/**
 * Writes a trained head into a graph: batch norm with its running statistics, linear layers, softmax.
 * @param state under PyTorch's names, `head.0.weight` and so on.
 * @param features the value that it reads, `[batch, features]`.
 * @returns the value with P(dog), `[batch]`.
 * @throws RangeError when a tensor is missing or of another shape.
 */
export function addHead(graph: OnnxGraph, head: HeadShape, state: TensorMap, features: string): string {
  const weight = (name: string, shape: readonly number[]) => {
    const { data }: Tensor = weightNamed(state, name, shape);
    return graph.initializer(name, shape, data);
  };
  const norm = ["weight", "bias", "running_mean", "running_var"].map((part) =>
    weight(`${HEAD_NORM}.${part}`, [head.features])
  );
  let value = graph.node("BatchNormalization", [features, ...norm], `${HEAD_NORM}/output`, {
    epsilon: { float: BATCH_NORM_EPSILON },
  });
  for (const [k, { name, inputs, outputs }] of linearLayers(head).entries()) {
    if (k > 0) value = graph.node("Relu", [value], `${name}/input`);
    const parameters = [weight(`${name}.weight`, [outputs, inputs]), weight(`${name}.bias`, [outputs])];
    value = graph.node("Gemm", [value, ...parameters], `${name}/output`, { transB: { int: 1 } });
  }
  const probabilities = graph.node("Softmax", [value], "head/probabilities", { axis: { int: 1 } });
  const dog = graph.initializer("head/dog", [], BigInt64Array.of(DOG));
  return graph.node("Gather", [probabilities, dog], "head/p_dog", { axis: { int: 1 } });
}
