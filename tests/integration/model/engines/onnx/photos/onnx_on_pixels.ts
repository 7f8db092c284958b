import { InferenceSession, Tensor } from "onnxruntime-node";
import type { Pixels } from "../../../../../../data/picture/pixels.ts";
import { OnnxGraph } from "../../../../../../model/engines/onnx/graphs/onnx_graph.ts";
import type { ElementType } from "../../../../../../model/engines/onnx/graphs/onnx_proto.ts";

/** A value that a graph gave. */
export interface Given {
  readonly shape: readonly number[];
  readonly data: number[];
}

/**
 * Opens a graph over one picture, `[height, width, 3]`.
 * @param write adds the graph's nodes, and names the value that is asked for
 */
export async function onnxOnPixels(
  write: (graph: OnnxGraph, photo: string) => string,
  shape: readonly (number | string)[],
  type: ElementType,
): Promise<(pixels: Pixels) => Promise<Given>> {
  const graph = new OnnxGraph("a picture");
  const value = write(graph, graph.input("photo", ["height", "width", 3], "uint8"));
  graph.output(value, shape, type);
  const session = await InferenceSession.create(graph.encode());
  return async ({ width, height, data }) => {
    const { [value]: { dims, data: numbers } } = await session.run({
      photo: new Tensor("uint8", data, [height, width, 3]),
    });
    return { shape: dims, data: Array.from(numbers, Number) };
  };
}
