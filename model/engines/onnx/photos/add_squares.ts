import type { OnnxGraph } from "../graphs/onnx_graph.ts";
import { addPlanes } from "../graphs/network_to_onnx.ts";

/**
 * Writes the resizing of a photo into a graph: squares of some sizes, squashed, by a triangle filter that is widened
 * where the photo shrinks (Pillow's BILINEAR).
 * @param photo bytes `[height, width, 3]`
 * @param sizes in pixels, by the squares' names
 * @returns for each size the value with a square, numbers from 0 to 255 `[1, 3, size, size]`.
 */
export function addSquares(graph: OnnxGraph, photo: string, sizes: ReadonlyMap<string, number>): Map<string, string> {
  const first = graph.initializer(`${photo}/batch_axis`, [1], BigInt64Array.of(0n));
  const planes = addPlanes(graph, graph.node("Unsqueeze", [photo, first], `${photo}/batch`));
  const squares = new Map<string, string>();
  for (const [name, size] of sizes) {
    const shape = graph.initializer(`${name}/shape`, [4], BigInt64Array.from([1, 3, size, size], BigInt));
    // The two empty names are the region and the factors, which go with other ways to say a size.
    const square = graph.node("Resize", [planes, "", "", shape], `${name}/resized`, {
      mode: { text: "linear" },
      coordinate_transformation_mode: { text: "half_pixel" },
      antialias: { int: 1 },
    });
    squares.set(name, square);
  }
  return squares;
}
