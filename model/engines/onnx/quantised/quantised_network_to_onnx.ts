import { commutedPools } from "../../commuted_pools.ts";
import type { ConvolutionRow, Network, Normalisation, Row, Window } from "../../../networks/layers.ts";
import { inputsOf, shapesOf } from "../../../networks/network.ts";
import { affineNormalisation } from "../../../networks/normalisation.ts";
import type { ValueRanges } from "../../../networks/value_ranges.ts";
import type { TensorMap } from "../../../tensor.ts";
import type { KernelBits } from "../../engine.ts";
import { foldBatchNorm } from "../../batch_norm.ts";
import { outputShapes } from "../../compiled_network.ts";
import { addNetwork, averageOver, BATCH, convolutionOf, pixelInput, slidingWindow } from "../graphs/network_to_onnx.ts";
import { type QuantisedConvolution, quantisedConvolution } from "./affine_quantisation.ts";
import { QuantisedGraph } from "./quantised_graph.ts";

/** How a network becomes integers. */
export interface QuantisedAs {
  readonly ranges: ValueRanges;
  /** Of a kernel's integers, see `quantisedConvolution`. */
  readonly kernelBits: KernelBits;
}

/**
 * Writes a network as an ONNX file for onnxruntime that computes in 8-bit integers: activations are unsigned bytes,
 * kernels signed ones, sums 32 bits. A ReLU costs nothing, since its range starts at 0 and no byte is less. Pools whose
 * results leave the network are taken in floats.
 * @param outputs the values that a run gives back, as floats.
 * @throws RangeError when a range or a weight is missing, or an output is not known.
 */
export function quantisedNetworkToOnnx(
  network: Network,
  weights: TensorMap,
  outputs: readonly string[],
  { ranges, kernelBits }: QuantisedAs,
): Uint8Array<ArrayBuffer> {
  const graph = new QuantisedGraph(network.architecture, ranges);
  const writer: Writer = { graph, network, weights, kernelBits };
  addInput(graph, network);
  const read = new Set(network.rows.flatMap(inputsOf));
  const means = meansAfter(network, outputs);
  for (const row of network.rows) {
    if (row.kind === "average_pool" && means.has(row.output)) continue;
    if (row.kind === "convolution") addConvolutionRow(writer, row, means);
    else if (row.kind === "concatenate") addConcatenation(graph, row.inputs, row.output);
    else if (row.kind === "max_pool") addMaxPool(graph, row);
    else if (row.kind === "average_pool" && read.has(row.output)) addMean(graph, row);
    else addFloatMean(writer, row, read.has(row.output));
  }
  for (const [name, extents] of outputShapes(network, outputs)) graph.output(graph.float(name), [BATCH, ...extents]);
  return graph.encode();
}

interface Writer {
  readonly graph: QuantisedGraph;
  readonly network: Network;
  readonly weights: TensorMap;
  readonly kernelBits: KernelBits;
}

/** The means that are taken after the convolution that reads them, where padding is no zero that has lost its bias. */
export function meansAfter(network: Network, outputs: readonly string[]): ReturnType<typeof commutedPools> {
  const pools = commutedPools(network, outputs, shapesOf(network));
  return new Map([...pools].filter(([, { countPadding }]) => !countPadding));
}

/** The name of what a 1x1 convolution gives whose mean is taken after it. */
export function beforeMean({ output }: ConvolutionRow): string {
  return `${output}/unpooled`;
}

function addInput(graph: QuantisedGraph, network: Network): void {
  const { channels, height, width } = network.inputShape;
  if (network.normalisation) {
    addNormalisation(graph, network, network.normalisation);
  } else {
    graph.input(network.input, [BATCH, channels, height, width]);
    graph.quantise(network.input);
  }
}

/** The largest kernel of one weight, whose scale then is all that there is to it. */
const WHOLE = 127;

/** Bytes `[batch, height, width, colours]` become other bytes: a convolution of one weight a colour. */
function addNormalisation(graph: QuantisedGraph, { input, inputShape }: Network, normalisation: Normalisation): void {
  const { channels, height, width } = inputShape;
  const { scale, offset } = affineNormalisation(normalisation);
  const pixels = graph.input(pixelInput(input), [BATCH, height, width, channels], "uint8");
  const planes = graph.node("Transpose", [pixels], `${input}/planes`, { perm: { ints: [0, 3, 1, 2] } });
  const scales = Float32Array.from(scale, (value) => value / WHOLE);
  addIntegerConvolution(graph, {
    name: `${input}/normalisation`,
    input: [
      planes,
      graph.initializer(`${input}/planes/scale`, [], Float32Array.of(1)),
      graph.initializer(`${input}/planes/zero_point`, [], Uint8Array.of(0)),
    ],
    output: input,
    shape: [channels, 1, 1, 1],
    kernel: new Int8Array(channels).fill(WHOLE),
    scales,
    bias: Int32Array.from(offset, (value, colour) => Math.round(value / scales[colour])),
    window: { kernel: [1, 1], stride: [1, 1], padding: [0, 0] },
    groups: channels,
  });
}

/** A convolution, then its mean or residual if it has one. */
function addConvolutionRow(writer: Writer, row: ConvolutionRow, means: ReturnType<typeof meansAfter>): void {
  const { graph } = writer;
  const mean = means.get(row.input);
  if (mean) {
    addConvolution(writer, row, mean.input, beforeMean(row));
    addMean(graph, { ...mean, input: beforeMean(row), output: row.output });
  } else if (row.residual !== undefined) {
    addConvolution(writer, row, row.input, convolutionOf(row.output));
    const summands = [convolutionOf(row.output), row.residual].flatMap((value) => graph.quantised(value));
    graph.contributed("QLinearAdd", [...summands, ...graph.parameters(row.output)], row.output);
  } else {
    addConvolution(writer, row, row.input, row.output);
  }
}

function addConvolution(
  { graph, network, weights, kernelBits }: Writer,
  row: ConvolutionRow,
  input: string,
  output: string,
): void {
  const folded = foldBatchNorm(row, weights, network.epsilon);
  addIntegerConvolution(graph, {
    name: row.name,
    input: graph.quantised(input),
    output,
    shape: folded.kernel.shape,
    ...quantisedConvolution(folded, kernelBits, graph.quantisation(input).scale),
    window: row,
    groups: 1,
  });
}

interface IntegerConvolution extends QuantisedConvolution {
  readonly name: string;
  /** Bytes, scale, zero point. */
  readonly input: readonly string[];
  readonly output: string;
  /** Of the kernel. */
  readonly shape: readonly number[];
  readonly window: Window;
  readonly groups: number;
}

function addIntegerConvolution(graph: QuantisedGraph, convolution: IntegerConvolution): void {
  const { name, input, output, shape, kernel, scales, bias, window, groups } = convolution;
  graph.node(
    "QLinearConv",
    [
      ...input,
      graph.initializer(`${name}.weight`, shape, kernel),
      graph.initializer(`${name}.weight/scale`, [scales.length], scales),
      graph.initializer(`${name}.weight/zero_point`, [scales.length], new Int8Array(scales.length)),
      ...graph.parameters(output),
      graph.initializer(`${name}.bias`, [bias.length], bias),
    ],
    graph.bytes(output),
    { ...slidingWindow(window), group: { int: groups } },
  );
}

function addConcatenation(graph: QuantisedGraph, inputs: readonly string[], output: string): void {
  const members = inputs.flatMap((input) => graph.quantised(input));
  graph.contributed("QLinearConcat", [...graph.parameters(output), ...members], output, { axis: { int: 1 } });
}

/** The greatest byte stands for the greatest value. */
function addMaxPool(graph: QuantisedGraph, row: Extract<Row, { kind: "max_pool" }>): void {
  graph.quantiseLike(row.output, row.input);
  graph.node("MaxPool", [graph.bytes(row.input)], graph.bytes(row.output), slidingWindow(row));
}

type MeanRow = Extract<Row, { kind: "average_pool" }>;

function addMean(graph: QuantisedGraph, row: MeanRow): void {
  graph.contributed(
    "QLinearAveragePool",
    [...graph.quantised(row.input), ...graph.parameters(row.output)],
    row.output,
    averageOver(row),
  );
}

/** A mean in floats, since 255 steps would round it. */
function addFloatMean({ graph, network, weights }: Writer, row: Row, isRead: boolean): void {
  for (const input of inputsOf(row)) graph.float(input);
  addNetwork(graph, { ...network, rows: [row] }, weights);
  graph.isFloat(row.output);
  if (isRead) graph.quantise(row.output);
}
