import type { TensorMap } from "../../../tensor.ts";
import type { LinearProbe } from "../../../linear/linear_probe.ts";
import { weightNamed } from "../../compiled_network.ts";
import { OnnxGraph } from "./onnx_graph.ts";

/** The output's name: `[batch, 1]`, P(dog). */
export const P_DOG = "p_dog";

/**
 * Writes a linear probe as an ONNX file: an input `[batch, width]` under each group's name, and P(dog).
 * @param state what `fitLinearProbe` gave
 * @throws RangeError when a tensor is missing or of another shape.
 */
export function linearProbeToOnnx({ groups, hellinger }: LinearProbe, state: TensorMap): Uint8Array<ArrayBuffer> {
  const graph = new OnnxGraph("linear probe");
  const axis = graph.initializer("features_axis", [1], BigInt64Array.of(1n));
  const least = graph.initializer("least_length", [], Float32Array.of(1e-12));
  const logits = groups.map(({ name, width }) => {
    const positive = graph.node("Relu", [graph.input(name, ["batch", width])], `${name}/relu`);
    const values = hellinger ? graph.node("Sqrt", [positive], `${name}/root`) : positive;
    const length = graph.node(
      "Max",
      [graph.node("ReduceL2", [values, axis], `${name}/length`), least],
      `${name}/divisor`,
    );
    const row = graph.node("Div", [values, length], `${name}/row`);
    const weight = graph.initializer(`${name}.weight`, [1, width], weightNamed(state, `${name}.weight`, [width]).data);
    const bias = graph.initializer(`${name}.bias`, [1], weightNamed(state, `${name}.bias`, [1]).data);
    return graph.node("Gemm", [row, weight, bias], `${name}/logit`, { transB: { int: 1 } });
  });
  graph.node("Sigmoid", [graph.node("Mean", logits, "logit")], P_DOG);
  graph.output(P_DOG, ["batch", 1]);
  return graph.encode();
}
