import type { TensorMap } from "../../../tensor.ts";
import type { LinearProbe } from "../../../linear/linear_probe.ts";
import { weightNamed } from "../../compiled_network.ts";
import type { OnnxGraph } from "./onnx_graph.ts";
import { ELEMENT_TYPES } from "./onnx_proto.ts";

/** ONNX's number for float16. */
const HALF = 10;

/**
 * Writes a linear probe into a graph that holds each group's features under the group's name, `[batch, ...]`.
 * @param state what `fitLinearProbe` gave
 * @param readsHalves whether its features are rounded to 16 bits before it reads them
 * @returns the value with P(dog), `[batch]`.
 * @throws RangeError when a group or a tensor is missing, or of another shape.
 */
export function addLinearProbe(
  graph: OnnxGraph,
  { groups, hellinger }: LinearProbe,
  state: TensorMap,
  readsHalves: boolean,
): string {
  const axis = graph.initializer("probe/features_axis", [1], BigInt64Array.of(1n));
  const least = graph.initializer("probe/least_length", [], Float32Array.of(1e-12));
  const logits = groups.map(({ name, width }) => {
    const flat = graph.node("Flatten", [name], `${name}/flat`);
    const read = readsHalves ? roundedToHalves(graph, flat) : flat;
    const positive = graph.node("Relu", [read], `${name}/relu`);
    const values = hellinger ? graph.node("Sqrt", [positive], `${name}/root`) : positive;
    const length = graph.node("ReduceL2", [values, axis], `${name}/length`);
    const row = graph.node("Div", [values, graph.node("Max", [length, least], `${name}/divisor`)], `${name}/row`);
    const weight = graph.initializer(`${name}.weight`, [1, width], weightNamed(state, `${name}.weight`, [width]).data);
    const bias = graph.initializer(`${name}.bias`, [1], weightNamed(state, `${name}.bias`, [1]).data);
    return graph.node("Gemm", [row, weight, bias], `${name}/logit`, { transB: { int: 1 } });
  });
  const column = graph.node("Sigmoid", [graph.node("Mean", logits, "probe/logit")], "probe/column");
  const all = graph.initializer("probe/all", [1], BigInt64Array.of(-1n));
  return graph.node("Reshape", [column, all], "probe/p_dog");
}

function roundedToHalves(graph: OnnxGraph, value: string): string {
  const half = graph.node("Cast", [value], `${value}/half`, { to: { int: HALF } });
  return graph.node("Cast", [half], `${value}/rounded`, { to: { int: ELEMENT_TYPES.float32 } });
}
