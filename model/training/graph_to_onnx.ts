import { OnnxGraph } from "../engines/onnx/onnx_graph.ts";
import type { OnnxAttribute } from "../engines/onnx/onnx_proto.ts";
import { type GeneralProduct, generalProducts } from "./general_product.ts";
import { type BinaryKind, inOrder, operandsOf, type Shape, type UnaryKind, type Value } from "./value.ts";

const OPERATORS: Readonly<Record<UnaryKind | Exclude<BinaryKind, "greaterOrEqual">, string>> = {
  relu: "Relu",
  sign: "Sign",
  exp: "Exp",
  log: "Log",
  sqrt: "Sqrt",
  add: "Add",
  subtract: "Sub",
  multiply: "Mul",
  divide: "Div",
  maximum: "Max",
};

/** `TensorProto.DataType` of float32. */
const FLOAT = 1;

/**
 * Writes a training graph as an ONNX file; its inputs keep their names.
 * @param name what the graph computes, for people.
 * @param outputs what a run gives back, by name; no name is an input's.
 */
export function graphToOnnx(name: string, outputs: ReadonlyMap<string, Value>): Uint8Array<ArrayBuffer> {
  const writer = new GraphWriter(name, outputs);
  return writer.write();
}

class GraphWriter {
  readonly #graph: OnnxGraph;
  readonly #outputs: ReadonlyMap<string, Value>;
  readonly #products: ReadonlyMap<Value, GeneralProduct>;
  readonly #names = new Map<Value, string>();
  #count = 0;

  constructor(name: string, outputs: ReadonlyMap<string, Value>) {
    this.#graph = new OnnxGraph(name);
    this.#outputs = outputs;
    this.#products = generalProducts(inOrder(outputs.values()), new Set(outputs.values()));
  }

  write(): Uint8Array<ArrayBuffer> {
    for (const [name, value] of this.#outputs) {
      this.#graph.node("Identity", [this.#name(value)], name);
      this.#graph.output(name, value.shape);
    }
    return this.#graph.encode();
  }

  /** The name under which a value can be read; writes it, and what it needs, when it is asked for the first time. */
  #name(value: Value): string {
    const written = this.#names.get(value);
    if (written !== undefined) return written;
    const product = this.#products.get(value);
    const name = product ? this.#writeProduct(product) : this.#write(value);
    this.#names.set(value, name);
    return name;
  }

  /** @returns the name under which the value can be read. */
  #write(value: Value): string {
    const { operation, shape } = value;
    const operands = operandsOf(value).map((operand) => this.#name(operand));
    switch (operation.kind) {
      case "input":
        return this.#graph.input(operation.name, shape);
      case "constant":
        return this.#graph.initializer(this.#fresh("constant"), shape, operation.data);
      case "detach":
        return operands[0];
      case "greaterOrEqual":
        return this.#node("Cast", [this.#node("GreaterOrEqual", operands)], { to: { int: FLOAT } });
      case "matMul": {
        const [a, b] = operands;
        const { transposeA, transposeB } = operation;
        return this.#node("MatMul", [
          transposeA ? this.#transposeLast(a, operation.a.shape) : a,
          transposeB ? this.#transposeLast(b, operation.b.shape) : b,
        ]);
      }
      case "sum":
        return this.#node("ReduceSum", [...operands, this.#integers(operation.axes)], { keepdims: { int: 1 } });
      case "reshape":
        return this.#node("Reshape", [...operands, this.#integers(shape)]);
      case "transpose":
        return this.#node("Transpose", operands, { perm: { ints: operation.permutation } });
      case "slice": {
        const { start, end, axis } = operation;
        return this.#node("Slice", [...operands, ...[[start], [end], [axis]].map((list) => this.#integers(list))]);
      }
      case "concatenate":
        return this.#node("Concat", operands, { axis: { int: operation.axis } });
      case "gatherRows":
        return this.#gatherRows(operands[0], operation.x.shape, operation.rows, operation.fill);
      default:
        return this.#node(OPERATORS[operation.kind], operands);
    }
  }

  /** `Gemm`: a product, a multiple of what it is added to, in one pass over the result. */
  #writeProduct({ a, b, transposeA, transposeB, addend, factor }: GeneralProduct): string {
    const operands = [a, b, ...addend ? [addend] : []].map((operand) => this.#name(operand));
    return this.#node("Gemm", operands, {
      transA: { int: transposeA ? 1 : 0 },
      transB: { int: transposeB ? 1 : 0 },
      beta: { float: factor },
    });
  }

  /** The row that stands for -1 is put behind the others, where ONNX looks for it. */
  #gatherRows(x: string, [, columns]: Shape, rows: Int32Array, fill: number): string {
    const indices = this.#graph.initializer(this.#fresh("rows"), [rows.length], rows);
    if (!rows.includes(-1)) return this.#node("Gather", [x, indices]);
    const filled = this.#graph.initializer(this.#fresh("fill"), [1, columns], new Float32Array(columns).fill(fill));
    return this.#node("Gather", [this.#node("Concat", [x, filled], { axis: { int: 0 } }), indices]);
  }

  #transposeLast(x: string, { length }: Shape): string {
    const permutation = Array.from({ length }, (_, axis) => axis);
    [permutation[length - 2], permutation[length - 1]] = [length - 1, length - 2];
    return this.#node("Transpose", [x], { perm: { ints: permutation } });
  }

  #node(operator: string, inputs: readonly string[], attributes: Record<string, OnnxAttribute> = {}): string {
    return this.#graph.node(operator, inputs, this.#fresh(operator), attributes);
  }

  #integers(list: readonly number[]): string {
    return this.#graph.initializer(this.#fresh("integers"), [list.length], BigInt64Array.from(list, BigInt));
  }

  #fresh(what: string): string {
    return `${what}:${this.#count++}`;
  }
}
