import type { AveragePoolRow, ConvolutionRow, Network, Normalisation, Row, Window } from "../../../networks/layers.ts";
import { affineNormalisation } from "../../../networks/normalisation.ts";
import type { TensorMap } from "../../../tensor.ts";
import { foldBatchNorm } from "../../batch_norm.ts";
import { outputShapes } from "../../compiled_network.ts";
import { OnnxGraph } from "./onnx_graph.ts";
import { ELEMENT_TYPES, type OnnxAttribute } from "./onnx_proto.ts";

/** The extent that is known only when the graph runs. */
export const BATCH = "batch";

/**
 * Writes a network with its weights as an ONNX file, for onnxruntime and for any other tool that reads ONNX: float32,
 * NCHW, batch norms folded, values under the names that the rows give them. Where the network normalises, it takes
 * bytes, `[batch, height, width, colours]`, under the name of `pixelInput`.
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
  const graph = networkGraph(network, weights);
  for (const [name, extents] of outputShapes(network, outputs)) graph.output(name, [BATCH, ...extents]);
  return graph.encode(metadata);
}

/** A network's rows as a graph that gives nothing back yet. */
export function networkGraph(network: Network, weights: TensorMap): OnnxGraph {
  const graph = new OnnxGraph(network.architecture);
  const { channels, height, width } = network.inputShape;
  if (network.normalisation) addNormalisation(graph, network, network.normalisation);
  else graph.input(network.input, [BATCH, channels, height, width]);
  for (const row of network.rows) addRow(graph, row, weights, network.epsilon);
  return graph;
}

/** Bytes `[batch, height, width, colours]` become what the rows read. */
export function addNormalisation(graph: OnnxGraph, { input, inputShape }: Network, normalisation: Normalisation): void {
  const { channels, height, width } = inputShape;
  const { scale, offset } = affineNormalisation(normalisation);
  const perColour = (name: string, values: readonly number[]) =>
    graph.initializer(`${input}/${name}`, [1, channels, 1, 1], Float32Array.from(values));
  const bytes = graph.input(pixelInput(input), [BATCH, height, width, channels], "uint8");
  const planes = graph.node("Transpose", [bytes], `${input}/planes`, { perm: { ints: [0, 3, 1, 2] } });
  const floats = graph.node("Cast", [planes], `${input}/floats`, { to: { int: ELEMENT_TYPES.float32 } });
  const scaled = graph.node("Mul", [floats, perColour("scale", scale)], `${input}/scaled`);
  graph.node("Add", [scaled, perColour("offset", offset)], input);
}

/** The name under which a graph takes bytes that become `input`. */
export function pixelInput(input: string): string {
  return `${input}/pixels`;
}

/** Adds a row, whose inputs and output are floats under the names that it gives them. */
export function addRow(graph: OnnxGraph, row: Row, weights: TensorMap, epsilon: number): void {
  switch (row.kind) {
    case "convolution":
      addConvolution(graph, row, weights, epsilon);
      return;
    case "max_pool":
      graph.node("MaxPool", [row.input], row.output, slidingWindow(row));
      return;
    case "average_pool":
      graph.node("AveragePool", [row.input], row.output, averageOver(row));
      return;
    case "concatenate":
      graph.node("Concat", row.inputs, row.output, { axis: { int: 1 } });
      return;
    case "global_average":
      graph.node("Flatten", [graph.node("GlobalAveragePool", [row.input], `${row.output}/mean`)], row.output);
      return;
  }
}

/** The name of what a convolution gives before its residual is added and its ReLU taken. */
export function convolutionOf({ output }: ConvolutionRow): string {
  return `${output}/convolution`;
}

/** onnxruntime fuses the sum and the ReLU into the convolution when it loads the graph. */
function addConvolution(graph: OnnxGraph, row: ConvolutionRow, weights: TensorMap, epsilon: number): void {
  const { kernel, bias } = foldBatchNorm(row, weights, epsilon);
  const isLast = row.residual === undefined && !row.relu;
  graph.initializer(kernelOf(row), kernel.shape, kernel.data);
  graph.initializer(biasOf(row), bias.shape, bias.data);
  let value = convolve(graph, row, row.input, isLast ? row.output : convolutionOf(row));
  if (row.residual !== undefined) {
    value = graph.node("Add", [value, row.residual], row.relu ? `${row.output}/sum` : row.output);
  }
  if (row.relu) graph.node("Relu", [value], row.output);
}

/** A row's convolution, whose kernel and bias are in the graph already, from one value to another. */
export function convolve(graph: OnnxGraph, row: ConvolutionRow, input: string, output: string): string {
  return graph.node("Conv", [input, kernelOf(row), biasOf(row)], output, slidingWindow(row));
}

function kernelOf({ name }: ConvolutionRow): string {
  return `${name}.weight`;
}

function biasOf({ name }: ConvolutionRow): string {
  return `${name}.bias`;
}

/** The attributes of a mean over windows. */
export function averageOver(row: AveragePoolRow): Record<string, OnnxAttribute> {
  return { ...slidingWindow(row), count_include_pad: { int: row.countPadding ? 1 : 0 } };
}

/** The attributes of whatever slides over its input. */
export function slidingWindow(row: Window): Record<string, OnnxAttribute> {
  return {
    kernel_shape: { ints: row.kernel },
    strides: { ints: row.stride },
    pads: { ints: [...row.padding, ...row.padding] },
  };
}
