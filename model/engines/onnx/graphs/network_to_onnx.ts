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
 * @throws RangeError when a weight is missing or of another shape, or an output is not known.
 */
export function networkToOnnx(
  network: Network,
  weights: TensorMap,
  outputs: readonly string[],
): Uint8Array<ArrayBuffer> {
  const graph = networkGraph(network, weights);
  for (const [name, extents] of outputShapes(network, outputs)) graph.output(name, [BATCH, ...extents]);
  return graph.encode();
}

/** A network with its input as a graph that gives nothing back yet. */
export function networkGraph(network: Network, weights: TensorMap): OnnxGraph {
  const graph = new OnnxGraph(network.architecture);
  const { input, normalisation, inputShape: { channels, height, width } } = network;
  if (normalisation) {
    const bytes = graph.input(pixelInput(input), [BATCH, height, width, channels], "uint8");
    addNormalisation(graph, addPlanes(graph, bytes), normalisation, input);
  } else {
    graph.input(input, [BATCH, channels, height, width]);
  }
  addNetwork(graph, network, weights);
  return graph;
}

/**
 * Writes a network's rows into a graph that has its input already.
 * @param prefix stands before the names of its values and weights, for a graph that holds several networks.
 * @throws RangeError when a weight is missing or of another shape.
 */
export function addNetwork(graph: OnnxGraph, { rows, epsilon }: Network, weights: TensorMap, prefix = ""): void {
  const writer = new RowWriter(graph, weights, epsilon, prefix);
  for (const row of rows) writer.add(row);
}

/**
 * Bytes `[batch, height, width, colours]` as numbers `[batch, colours, height, width]`.
 * @returns the value's name.
 */
export function addPlanes(graph: OnnxGraph, bytes: string): string {
  const planes = graph.node("Transpose", [bytes], `${bytes}/planes`, { perm: { ints: [0, 3, 1, 2] } });
  return graph.node("Cast", [planes], `${bytes}/floats`, { to: { int: ELEMENT_TYPES.float32 } });
}

/** Numbers from 0 to 255, `[batch, colours, height, width]`, become what a network's rows read. */
export function addNormalisation(graph: OnnxGraph, planes: string, normalisation: Normalisation, output: string): void {
  const { scale, offset } = affineNormalisation(normalisation);
  const perColour = (name: string, values: readonly number[]) =>
    graph.initializer(`${output}/${name}`, [1, values.length, 1, 1], Float32Array.from(values));
  const scaled = graph.node("Mul", [planes, perColour("scale", scale)], `${output}/scaled`);
  graph.node("Add", [scaled, perColour("offset", offset)], output);
}

/** The name under which a graph takes bytes that become `input`. */
export function pixelInput(input: string): string {
  return `${input}/pixels`;
}

/** Rows become nodes, one or a few each. */
class RowWriter {
  constructor(
    readonly graph: OnnxGraph,
    readonly weights: TensorMap,
    readonly epsilon: number,
    readonly prefix: string,
  ) {}

  add(row: Row): void {
    const output = this.#named(row.output);
    switch (row.kind) {
      case "convolution":
        this.#addConvolution(row);
        return;
      case "max_pool":
        this.graph.node("MaxPool", [this.#named(row.input)], output, slidingWindow(row));
        return;
      case "average_pool":
        this.graph.node("AveragePool", [this.#named(row.input)], output, averageOver(row));
        return;
      case "concatenate":
        this.graph.node("Concat", row.inputs.map((input) => this.#named(input)), output, { axis: { int: 1 } });
        return;
      case "global_average": {
        const mean = this.graph.node("GlobalAveragePool", [this.#named(row.input)], `${output}/mean`);
        this.graph.node("Flatten", [mean], output);
        return;
      }
    }
  }

  /** onnxruntime fuses the sum and the ReLU into the convolution when it loads the graph. */
  #addConvolution(row: ConvolutionRow): void {
    const { kernel, bias } = foldBatchNorm(row, this.weights, this.epsilon);
    const name = this.#named(row.name);
    const output = this.#named(row.output);
    const isLast = row.residual === undefined && !row.relu;
    let value = this.graph.node(
      "Conv",
      [
        this.#named(row.input),
        this.graph.initializer(`${name}.weight`, kernel.shape, kernel.data),
        this.graph.initializer(`${name}.bias`, bias.shape, bias.data),
      ],
      isLast ? output : convolutionOf(output),
      slidingWindow(row),
    );
    if (row.residual !== undefined) {
      value = this.graph.node("Add", [value, this.#named(row.residual)], row.relu ? `${output}/sum` : output);
    }
    if (row.relu) this.graph.node("Relu", [value], output);
  }

  #named(name: string): string {
    return this.prefix + name;
  }
}

/** The name of what a row's convolution gives before its residual is added and its ReLU taken. */
export function convolutionOf(output: string): string {
  return `${output}/convolution`;
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
