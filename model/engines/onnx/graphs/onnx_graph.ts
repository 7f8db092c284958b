import {
  type ElementType,
  encodeOnnxModel,
  type OnnxArray,
  type OnnxAttribute,
  type OnnxGraphContent,
  type OnnxInitializer,
  type OnnxNode,
  type OnnxValueInfo,
  type OperatorDomain,
} from "./onnx_proto.ts";

/** The version of ONNX's operators that graphs are written in: the first in which reductions alike take axes as input. */
export const OPERATOR_SET = 18;

/**
 * An ONNX graph being written, node after node; every value is known by its name.
 * Operators and their attributes: https://onnx.ai/onnx/operators.
 */
export class OnnxGraph {
  readonly #nodes: OnnxNode[] = [];
  readonly #initializers: OnnxInitializer[] = [];
  readonly #inputs: OnnxValueInfo[] = [];
  readonly #outputs: OnnxValueInfo[] = [];
  readonly #values = new Set<string>();

  /**
   * @param name what the graph computes, for people.
   * @param outer see `within`.
   */
  constructor(readonly name: string, readonly outer?: OnnxGraph) {}

  /** What has been written so far. */
  get content(): OnnxGraphContent {
    return {
      name: this.name,
      nodes: this.#nodes,
      initializers: this.#initializers,
      inputs: this.#inputs,
      outputs: this.#outputs,
    };
  }

  /** A graph that a node of this one runs, to be filled: it can read this one's values. */
  within(name: string): OnnxGraph {
    return new OnnxGraph(name, this);
  }

  /**
   * Declares a value that every run is given.
   * @param shape extents; a text names one that is known only when the graph runs, such as `batch`.
   * @param description what it is, for people.
   * @returns the name.
   */
  input(
    name: string,
    shape: readonly (number | string)[],
    elementType: ElementType = "float32",
    description?: string,
  ): string {
    this.#inputs.push({ name, shape, elementType, description });
    return this.#define(name);
  }

  /**
   * Adds a constant.
   * @returns the name.
   */
  initializer(name: string, shape: readonly number[], data: OnnxArray): string {
    this.#initializers.push({ name, shape, data });
    return this.#define(name);
  }

  /**
   * Adds an operation with one output, which names the node as well.
   * @param inputs values that exist already; an empty name leaves an optional input out.
   * @returns the output's name.
   * @throws RangeError when an input is not known or the output is already.
   */
  node(
    operator: string,
    inputs: readonly string[],
    output: string,
    attributes: Readonly<Record<string, OnnxAttribute>> = {},
    domain: OperatorDomain = "",
  ): string {
    for (const name of inputs) {
      if (name !== "" && !this.#knows(name)) {
        throw new RangeError(`Cannot add ${output} (${operator}): expected inputs that exist already, got "${name}"`);
      }
    }
    this.#nodes.push({ name: output, operator, domain, inputs, outputs: [output], attributes });
    return this.#define(output);
  }

  /**
   * Declares a value that every run gives back.
   * @param description what it is, for people.
   * @throws RangeError when it is not known.
   */
  output(
    name: string,
    shape: readonly (number | string)[],
    elementType: ElementType = "float32",
    description?: string,
  ): void {
    if (!this.#values.has(name)) {
      throw new RangeError(`Cannot give ${name} back: expected a value that a node or input defines, got none`);
    }
    this.#outputs.push({ name, shape, elementType, description });
  }

  /**
   * The graph as an ONNX file.
   * @param metadata is kept in the file's `metadata_props`.
   */
  encode(metadata: ReadonlyMap<string, string> = new Map()): Uint8Array<ArrayBuffer> {
    return encodeOnnxModel({ ...this.content, operatorSet: OPERATOR_SET, metadata });
  }

  #knows(name: string): boolean {
    return this.#values.has(name) || (this.outer !== undefined && this.outer.#knows(name));
  }

  #define(name: string): string {
    if (name === "" || this.#knows(name)) {
      throw new RangeError(`Cannot define a value: expected a name that is not taken, got "${name}"`);
    }
    this.#values.add(name);
    return name;
  }
}
