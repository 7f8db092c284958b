import { entryOf } from "../../../../data/base/entry_of.ts";
import type { ValueRanges } from "../../../networks/value_ranges.ts";
import { OnnxGraph } from "../graphs/onnx_graph.ts";
import type { OnnxAttribute } from "../graphs/onnx_proto.ts";
import { type Quantisation, quantisationOf } from "./affine_quantisation.ts";

/** An ONNX graph in which a value can be there as bytes, as floats, or as both; each form is written when it is asked for. */
export class QuantisedGraph extends OnnxGraph {
  readonly #ranges: ValueRanges;
  readonly #quantisations = new Map<string, Quantisation>();
  readonly #parameters = new Map<string, readonly [scale: string, zeroPoint: string]>();
  readonly #floats = new Set<string>();

  /** @param ranges of every value that becomes bytes. */
  constructor(name: string, ranges: ValueRanges) {
    super(name);
    this.#ranges = ranges;
  }

  /** How a value's bytes are meant: by the range of its own, if no row has said that it has another value's. */
  quantisation(value: string): Quantisation {
    const known = this.#quantisations.get(value);
    if (known) return known;
    const settled = quantisationOf(entryOf(this.#ranges, value, "the range of a value"));
    this.#quantisations.set(value, settled);
    return settled;
  }

  /** Says that a value's bytes are meant as another's: a maximum over a window is one of the bytes that it was given. */
  quantiseLike(value: string, other: string): void {
    this.#quantisations.set(value, this.quantisation(other));
  }

  /** A value's bytes with what they mean, as onnxruntime's operators on bytes take their inputs. */
  quantised(value: string): string[] {
    return [this.bytes(value), ...this.parameters(value)];
  }

  /** The names of the scale and the zero point of a value. */
  parameters(value: string): readonly [scale: string, zeroPoint: string] {
    const known = this.#parameters.get(value);
    if (known) return known;
    const { scale, zeroPoint } = this.quantisation(value);
    const names = [
      this.initializer(`${value}/byte_scale`, [], Float32Array.of(scale)),
      this.initializer(`${value}/byte_zero_point`, [], Uint8Array.of(zeroPoint)),
    ] as const;
    this.#parameters.set(value, names);
    return names;
  }

  /** The name of a value's bytes. */
  bytes(value: string): string {
    return `${value}/bytes`;
  }

  /** Adds one of onnxruntime's own operators, which writes bytes. */
  contributed(
    operator: string,
    inputs: readonly string[],
    value: string,
    attributes?: Readonly<Record<string, OnnxAttribute>>,
  ): void {
    this.node(operator, inputs, this.bytes(value), attributes, "com.microsoft");
  }

  /** Says that a value is there as floats under its own name. */
  isFloat(value: string): void {
    this.#floats.add(value);
  }

  /** Makes bytes of a value that is there as floats. */
  quantise(value: string): void {
    this.isFloat(value);
    this.node("QuantizeLinear", [value, ...this.parameters(value)], this.bytes(value));
  }

  /** A value as floats, under its own name. */
  float(value: string): string {
    if (this.#floats.has(value)) return value;
    this.#floats.add(value);
    return this.node("DequantizeLinear", this.quantised(value), value);
  }
}
