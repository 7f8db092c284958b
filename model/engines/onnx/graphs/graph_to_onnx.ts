import { OnnxGraph } from "./onnx_graph.ts";
import { ELEMENT_TYPES, type OnnxArray } from "./onnx_proto.ts";
import { type Gemm, gemmsOf } from "../../../autograd/gemm.ts";
import {
  type BinaryKind,
  inOrder,
  operandsOf,
  type Shape,
  type UnaryKind,
  type Value,
} from "../../../autograd/value.ts";

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
  readonly #gemms: ReadonlyMap<Value, Gemm>;
  readonly #outputNames: ReadonlyMap<Value, string>;
  readonly #names = new Map<Value, string>();
  /** Matrices that have been padded, by matrix and padding. */
  readonly #paddedNames = new Map<Value, ReadonlyMap<number, string>>();
  #count = 0;

  constructor(name: string, outputs: ReadonlyMap<string, Value>) {
    this.#graph = new OnnxGraph(name);
    this.#outputs = outputs;
    this.#outputNames = new Map([...outputs].map(([output, value]) => [value, output]));
    this.#gemms = gemmsOf(inOrder(outputs.values()), new Set(outputs.values()));
  }

  write(): Uint8Array<ArrayBuffer> {
    for (const [output, value] of this.#outputs) {
      const name = this.#name(value);
      if (name !== output) this.#graph.node("Identity", [name], output);
      this.#graph.output(output, value.shape);
    }
    return this.#graph.encode();
  }

  /** The name under which a value can be read; writes it, and what it needs, when it is asked for the first time. */
  #name(value: Value): string {
    const written = this.#names.get(value);
    if (written !== undefined) return written;
    const gemm = this.#gemms.get(value);
    const wanted = this.#outputNames.get(value) ?? this.#fresh(value.operation.kind);
    const name = gemm ? this.#writeGemm(gemm, wanted) : this.#write(value, wanted);
    this.#names.set(value, name);
    return name;
  }

  /** @returns the name under which the value can be read: the wanted one, or that of a value that is the same. */
  #write(value: Value, wanted: string): string {
    const { operation, shape } = value;
    const operands = operandsOf(value).map((operand) => this.#name(operand));
    switch (operation.kind) {
      case "input":
        return this.#graph.input(operation.name, shape);
      case "constant":
        return this.#graph.initializer(wanted, shape, operation.data);
      case "detach":
        return operands[0];
      case "greaterOrEqual": {
        const holds = this.#graph.node("GreaterOrEqual", operands, this.#fresh("holds"));
        return this.#graph.node("Cast", [holds], wanted, { to: { int: ELEMENT_TYPES.float32 } });
      }
      case "matMul": {
        const a = operation.transposeA ? this.#transposed(operation.a) : operands[0];
        const b = operation.transposeB ? this.#transposed(operation.b) : operands[1];
        return this.#graph.node("MatMul", [a, b], wanted);
      }
      case "sum": {
        const axes = this.#integers(operation.axes);
        return this.#graph.node("ReduceSum", [...operands, axes], wanted, { keepdims: { int: 1 } });
      }
      case "reshape":
        return this.#graph.node("Reshape", [...operands, this.#integers(shape)], wanted);
      case "transpose":
        return this.#graph.node("Transpose", operands, wanted, { perm: { ints: operation.permutation } });
      case "slice": {
        const bounds = [operation.start, operation.end, operation.axis].map((bound) => this.#integers([bound]));
        return this.#graph.node("Slice", [...operands, ...bounds], wanted);
      }
      case "concatenate":
        return this.#graph.node("Concat", operands, wanted, { axis: { int: operation.axis } });
      case "gatherRows": {
        const { x, rows, fill } = operation;
        const source = rows.includes(-1) ? this.#padded(x, fill) : operands[0];
        return this.#graph.node("Gather", [source, this.#initializer([rows.length], rows)], wanted);
      }
      default:
        return this.#graph.node(OPERATORS[operation.kind], operands, wanted);
    }
  }

  /**
   * `Gemm`: a matmul and a multiple of what it is added to, in one pass over the result. The first operand is transposed
   * beforehand, which costs little: onnxruntime's kernel for transposed ones is a third slower.
   */
  #writeGemm({ a, b, transposeA, transposeB, addend, factor }: Gemm, wanted: string): string {
    const left = transposeA ? this.#transposed(a) : this.#name(a);
    const operands = [left, this.#name(b), ...addend ? [this.#name(addend)] : []];
    return this.#graph.node("Gemm", operands, wanted, { transB: { int: transposeB ? 1 : 0 }, beta: { float: factor } });
  }

  /** A matrix with a row behind the others that holds `fill`: what ONNX takes as row -1. */
  #padded(x: Value, fill: number): string {
    const padded = this.#paddedNames.get(x)?.get(fill);
    if (padded !== undefined) return padded;
    const columns = x.shape[1];
    const row = this.#initializer([1, columns], new Float32Array(columns).fill(fill));
    const name = this.#graph.node("Concat", [this.#name(x), row], this.#fresh("padded"), { axis: { int: 0 } });
    this.#paddedNames.set(x, new Map(this.#paddedNames.get(x)).set(fill, name));
    return name;
  }

  /** The last two axes of a value swapped. */
  #transposed(x: Value): string {
    const last = x.shape.length - 1;
    const permutation = x.shape.map((_, axis) => (axis < last - 1 ? axis : 2 * last - 1 - axis));
    return this.#graph.node("Transpose", [this.#name(x)], this.#fresh("transposed"), { perm: { ints: permutation } });
  }

  #initializer(shape: Shape, data: OnnxArray): string {
    return this.#graph.initializer(this.#fresh("constant"), shape, data);
  }

  #integers(list: readonly number[]): string {
    return this.#initializer([list.length], BigInt64Array.from(list, BigInt));
  }

  #fresh(what: string): string {
    return `${what}:${this.#count++}`;
  }
}
