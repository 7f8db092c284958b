import type { ConvolutionRow, Network, Pair, Row } from "../../layers.ts";
import type { TensorMap } from "../../tensor.ts";
import { foldBatchNorm } from "../batch_norm.ts";
import { outputShapes } from "../compiled_network.ts";
import { OnnxGraph } from "./onnx_graph.ts";
import type { OnnxAttribute } from "./onnx_proto.ts";

/** The extent that is known only when the graph runs. */
const BATCH = "batch";

/**
 * Writes a network with its weights as an ONNX file, for onnxruntime and for any other tool that reads ONNX: float32,
 * NCHW, batch norms folded, values under the names that the rows give them.
 * @param outputs the values that a run gives back.
 * @param metadata is kept in the file: what one has to know to prepare photos for it, for example.
 * @throws RangeError when a weight is missing or of another shape, or an output is not known.
 */
export function networkToOnnx(
  network: Network,
  weights: TensorMap,
  outputs: readonly string[],
  metadata: ReadonlyMap<string, string> = new Map(),
): Uint8Array<ArrayBuffer> {
  const graph = new OnnxGraph(network.architecture);
  const { channels, height, width } = network.inputShape;
  graph.input(network.input, [BATCH, channels, height, width]);
  for (const row of network.rows) addRow(graph, row, weights, network.epsilon);
  for (const [name, extents] of outputShapes(network, outputs)) graph.output(name, [BATCH, ...extents]);
  return graph.encode(metadata);
}

function addRow(graph: OnnxGraph, row: Row, weights: TensorMap, epsilon: number): void {
  switch (row.kind) {
    case "convolution":
      addConvolution(graph, row, weights, epsilon);
      return;
    case "max_pool":
      graph.node("MaxPool", [row.input], row.output, slidingWindow(row));
      return;
    case "average_pool":
      graph.node("AveragePool", [row.input], row.output, {
        ...slidingWindow(row),
        count_include_pad: { int: row.countPadding ? 1 : 0 },
      });
      return;
    case "concatenate":
      graph.node("Concat", row.inputs, row.output, { axis: { int: 1 } });
      return;
    case "global_average":
      graph.node("Flatten", [graph.node("GlobalAveragePool", [row.input], `${row.output}/mean`)], row.output);
      return;
  }
}

/** onnxruntime fuses the sum and the ReLU into the convolution when it loads the graph. */
function addConvolution(graph: OnnxGraph, row: ConvolutionRow, weights: TensorMap, epsilon: number): void {
  const { kernel, bias } = foldBatchNorm(row, weights, epsilon);
  const isLast = row.residual === undefined && !row.relu;
  let value = graph.node(
    "Conv",
    [
      row.input,
      graph.initializer(`${row.name}.weight`, kernel.shape, kernel.data),
      graph.initializer(`${row.name}.bias`, bias.shape, bias.data),
    ],
    isLast ? row.output : `${row.output}/convolution`,
    slidingWindow(row),
  );
  if (row.residual !== undefined) {
    value = graph.node("Add", [value, row.residual], row.relu ? `${row.output}/sum` : row.output);
  }
  if (row.relu) graph.node("Relu", [value], row.output);
}

function slidingWindow(row: { kernel: Pair; stride: Pair; padding: Pair }): Record<string, OnnxAttribute> {
  return {
    kernel_shape: { ints: row.kernel },
    strides: { ints: row.stride },
    pads: { ints: [...row.padding, ...row.padding] },
  };
}
