import { OnnxGraph } from "./onnx_graph.ts";

/** A graph that multiplies matrices: `a` `[m, k]` and `b` `[n, k]` give `product` `[m, n]`, which is `a b^T`. */
export function matMulGraph(): OnnxGraph {
  const graph = new OnnxGraph("a matmul");
  const inputs = [graph.input("a", ["m", "k"]), graph.input("b", ["n", "k"])];
  graph.output(graph.node("Gemm", inputs, "product", { transB: { int: 1 } }), ["m", "n"]);
  return graph;
}
