import * as tf from "@tensorflow/tfjs";
import { entryOf } from "../../../data/base/entry_of.ts";
import type { TfjsBackend } from "./tfjs_backend.ts";
import { inOrder, operandsOf, type Value } from "../../autograd/value.ts";

/** A training graph whose constants lie on a device that tfjs computes on. */
export class TfjsGraph {
  readonly #backend: TfjsBackend;
  readonly #outputs: ReadonlyMap<string, Value>;
  readonly #order: readonly Value[];
  readonly #lastReaders: ReadonlyMap<Value, Value>;
  readonly #constants = new Map<Value, tf.Tensor>();
  /** The row numbers of gathers; a row of padding comes behind the others. */
  readonly #rows = new Map<Value, tf.Tensor1D>();

  constructor(backend: TfjsBackend, outputs: ReadonlyMap<string, Value>) {
    this.#backend = backend;
    this.#outputs = outputs;
    this.#order = inOrder(outputs.values());
    this.#lastReaders = new Map(this.#order.flatMap((value) => operandsOf(value).map((operand) => [operand, value])));
    for (const value of this.#order) this.#upload(value);
  }

  /**
   * Runs the graph once; every value is freed when nothing after it reads it.
   * @param inputs stay as they are.
   * @returns the outputs, which the caller frees.
   */
  run(inputs: ReadonlyMap<string, tf.Tensor>): Map<string, tf.Tensor> {
    const wanted = new Set(this.#outputs.values());
    const computed = new Map<Value, tf.Tensor>();
    try {
      for (const value of this.#order) {
        const { operation, shape } = value;
        if (operation.kind === "constant") continue;
        const what = `${operation.kind} [${shape}]`;
        computed.set(value, this.#backend.compute(what, () => tf.tidy(() => this.#compute(value, computed, inputs))));
        for (const operand of operandsOf(value)) {
          if (this.#lastReaders.get(operand) === value && !wanted.has(operand)) computed.get(operand)?.dispose();
        }
      }
      return new Map([...this.#outputs].map(([name, value]) => [name, this.#read(value, computed).clone()]));
    } finally {
      tf.dispose([...computed.values()]);
    }
  }

  close(): void {
    tf.dispose([...this.#constants.values(), ...this.#rows.values()]);
    this.#constants.clear();
    this.#rows.clear();
  }

  #upload(value: Value): void {
    const { operation, shape } = value;
    if (operation.kind === "constant") {
      this.#constants.set(value, this.#backend.compute("a constant", () => tf.tensor(operation.data, [...shape])));
    } else if (operation.kind === "gatherRows") {
      const rows = operation.rows.map((row) => (row < 0 ? operation.x.shape[0] : row));
      this.#rows.set(value, this.#backend.compute("row numbers", () => tf.tensor1d(rows, "int32")));
    }
  }

  #read(value: Value, computed: ReadonlyMap<Value, tf.Tensor>): tf.Tensor {
    const tensor = this.#constants.get(value) ?? computed.get(value);
    if (tensor === undefined) throw new RangeError(`expected operands first, got ${value.operation.kind}`);
    return tensor;
  }

  #compute(
    value: Value,
    computed: ReadonlyMap<Value, tf.Tensor>,
    inputs: ReadonlyMap<string, tf.Tensor>,
  ): tf.Tensor {
    const { operation } = value;
    if (operation.kind === "input") {
      return entryOf(inputs, operation.name, "an input of the graph").clone();
    }
    if (operation.kind === "gatherRows") {
      const { x, rows, fill } = operation;
      const uploaded = this.#rows.get(value);
      if (uploaded === undefined) throw new RangeError("expected the numbers of the rows, got none");
      const source = this.#read(x, computed);
      return tf.gather(rows.includes(-1) ? tf.concat([source, tf.fill([1, x.shape[1]], fill)], 0) : source, uploaded);
    }
    return applied(value, operandsOf(value).map((operand) => this.#read(operand, computed)));
  }
}

function applied({ operation, shape }: Value, operands: tf.Tensor[]): tf.Tensor {
  const [a, b] = operands;
  switch (operation.kind) {
    case "relu":
      return tf.relu(a);
    case "sign":
      return tf.sign(a);
    case "exp":
      return tf.exp(a);
    case "log":
      return tf.log(a);
    case "sqrt":
      return tf.sqrt(a);
    case "add":
      return tf.add(a, b);
    case "subtract":
      return tf.sub(a, b);
    case "multiply":
      return tf.mul(a, b);
    case "divide":
      return tf.div(a, b);
    case "maximum":
      return tf.maximum(a, b);
    case "greaterOrEqual":
      return tf.cast(tf.greaterEqual(a, b), "float32");
    case "matMul":
      return tf.matMul(a, b, operation.transposeA, operation.transposeB);
    case "sum":
      return tf.sum(a, [...operation.axes], true);
    case "reshape":
      return tf.reshape(a, [...shape]);
    case "transpose":
      return tf.transpose(a, [...operation.permutation]);
    case "slice":
      return tf.slice(a, shape.map((_, axis) => (axis === operation.axis ? operation.start : 0)), [...shape]);
    case "concatenate":
      return tf.concat(operands, operation.axis);
    case "detach":
      return a.clone();
    case "input":
    case "constant":
    case "gatherRows":
      throw new RangeError(`expected an operation on its operands alone, got ${operation.kind}`);
  }
}
