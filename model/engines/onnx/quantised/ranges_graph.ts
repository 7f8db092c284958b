import type { Network } from "../../../networks/layers.ts";
import type { TensorMap } from "../../../tensor.ts";
import { convolutionOf, networkGraph, slidingWindow } from "../graphs/network_to_onnx.ts";
import { beforeMean, meansAfter } from "./quantised_network_to_onnx.ts";

/** A graph that says what ranges the values of a network have. */
export interface RangesGraph {
  readonly model: Uint8Array<ArrayBuffer>;
  /** Its outputs, two numbers for each value that a quantised network makes bytes of. */
  readonly values: readonly MeasuredValue[];
}

/** A value, and the names under which the graph gives its least and greatest entry. */
export interface MeasuredValue {
  readonly value: string;
  readonly least: string;
  readonly greatest: string;
}

/**
 * A network in floats that gives, of every value that becomes bytes, the least and the greatest entry over a batch.
 * @param outputs of the network that is to be quantised: what it is asked for decides where means are taken.
 */
export function rangesGraph(network: Network, weights: TensorMap, outputs: readonly string[]): RangesGraph {
  const graph = networkGraph(network, weights);
  const means = meansAfter(network, outputs);
  const names = [network.input, ...network.rows.map(({ output }) => output)].filter((name) => !means.has(name));
  for (const row of network.rows) {
    if (row.kind !== "convolution") continue;
    const mean = means.get(row.input);
    if (mean) {
      const inputs = [mean.input, `${row.name}.weight`, `${row.name}.bias`];
      names.push(graph.node("Conv", inputs, beforeMean(row), slidingWindow(row)));
    } else if (row.residual !== undefined) names.push(convolutionOf(row.output));
  }
  const values = names.map((value) => ({ value, least: `${value}/least`, greatest: `${value}/greatest` }));
  for (const { value, least, greatest } of values) {
    for (const [operator, name] of [["ReduceMin", least], ["ReduceMax", greatest]]) {
      graph.output(graph.node(operator, [value], name, { keepdims: { int: 0 } }), []);
    }
  }
  return { model: graph.encode(), values };
}
