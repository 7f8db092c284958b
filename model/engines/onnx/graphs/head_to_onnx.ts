import type { Tensor, TensorMap } from "../../../tensor.ts";
import { BATCH_NORM_EPSILON, HEAD_NORM, type HeadShape, linearLayers } from "../../../networks/fused/head.ts";
import { weightNamed } from "../../compiled_network.ts";
import { OnnxGraph } from "./onnx_graph.ts";

/** The names of the graph's input, `[batch, features]`, and output, `[batch, 2]`: P(cat), P(dog). */
export const HEAD_INPUT = "features";
export const HEAD_OUTPUT = "probabilities";

/**
 * Writes a trained head as an ONNX file: batch norm with its running statistics, linear layers, softmax.
 * @param state under PyTorch's names, `head.0.weight` and so on.
 * @throws RangeError when a tensor is missing or of another shape.
 */
export function headToOnnx(head: HeadShape, state: TensorMap): Uint8Array<ArrayBuffer> {
  const graph = new OnnxGraph("head");
  const weight = (name: string, shape: readonly number[]) => {
    const { data }: Tensor = weightNamed(state, name, shape);
    return graph.initializer(name, shape, data);
  };
  let value = graph.input(HEAD_INPUT, ["batch", head.features]);
  const norm = ["weight", "bias", "running_mean", "running_var"].map((part) =>
    weight(`${HEAD_NORM}.${part}`, [head.features])
  );
  value = graph.node("BatchNormalization", [value, ...norm], `${HEAD_NORM}.output`, {
    epsilon: { float: BATCH_NORM_EPSILON },
  });
  for (const [k, { name, inputs, outputs }] of linearLayers(head).entries()) {
    if (k > 0) value = graph.node("Relu", [value], `${name}.input`);
    const parameters = [weight(`${name}.weight`, [outputs, inputs]), weight(`${name}.bias`, [outputs])];
    value = graph.node("Gemm", [value, ...parameters], `${name}.output`, { transB: { int: 1 } });
  }
  graph.node("Softmax", [value], HEAD_OUTPUT, { axis: { int: 1 } });
  graph.output(HEAD_OUTPUT, ["batch", 2]);
  return graph.encode();
}
