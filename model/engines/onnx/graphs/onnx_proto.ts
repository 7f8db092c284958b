import { BinaryWriter, WireType } from "@bufbuild/protobuf/wire";
import { sizeOf } from "../../../tensor.ts";

/** The arrays that this project stores in ONNX files, by the JavaScript type that holds them. */
export type OnnxArray = Float32Array | Uint8Array | Int8Array | Int32Array | BigInt64Array;

/** `TensorProto.DataType`, as numbered in onnx.proto. */
export const ELEMENT_TYPES = { float32: 1, uint8: 2, int8: 3, int32: 6, int64: 7, bool: 9 } as const;
export type ElementType = keyof typeof ELEMENT_TYPES;

/** A node's attribute; ONNX tells a float from an integer by type, which JavaScript's numbers do not. */
export type OnnxAttribute =
  | { readonly int: number }
  | { readonly float: number }
  | { readonly text: string }
  | { readonly ints: readonly number[] }
  | { readonly graph: OnnxGraphContent };

/** ONNX's own operators, and onnxruntime's: https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md. */
export type OperatorDomain = "" | "com.microsoft";

/** `NodeProto`: one operation. */
export interface OnnxNode {
  readonly name: string;
  readonly operator: string;
  /** Where the operator is defined; empty for ONNX itself. */
  readonly domain: OperatorDomain;
  /** Names of values; an empty one stands for an optional input that is left out. */
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: Readonly<Record<string, OnnxAttribute>>;
}

/** `TensorProto`: a constant. */
export interface OnnxInitializer {
  readonly name: string;
  readonly shape: readonly number[];
  readonly data: OnnxArray;
}

/** `ValueInfoProto`: the type of an input or output. */
export interface OnnxValueInfo {
  readonly name: string;
  readonly elementType: ElementType;
  /** Extents; a text names one that is known only when the graph runs. */
  readonly shape: readonly (number | string)[];
  /** What it is, for people. */
  readonly description?: string;
}

/** `GraphProto`: a whole model's, or one that a node runs as often as it needs to. */
export interface OnnxGraphContent {
  readonly name: string;
  readonly nodes: readonly OnnxNode[];
  readonly initializers: readonly OnnxInitializer[];
  readonly inputs: readonly OnnxValueInfo[];
  readonly outputs: readonly OnnxValueInfo[];
}

/** `ModelProto` with its `GraphProto`. */
export interface OnnxModel extends OnnxGraphContent {
  readonly operatorSet: number;
  readonly metadata: ReadonlyMap<string, string>;
}

/** The file format's version: the first that has operator set 18. */
const IR_VERSION = 8;
/** The only version that onnxruntime's own operators have. */
const CONTRIBUTED_VERSION = 1;
const PRODUCER = "cats-vs-dogs";
/** `AttributeProto.AttributeType`, as numbered in onnx.proto. */
const ATTRIBUTE_TYPES = { float: 1, int: 2, text: 3, graph: 5, ints: 7 } as const;

/**
 * Writes a model in ONNX's file format. Field numbers: onnx.proto of ONNX 1.13 (IR version 8).
 * @throws RangeError when an initializer's data is not as long as its shape says.
 */
export function encodeOnnxModel(model: OnnxModel): Uint8Array<ArrayBuffer> {
  const writer = new BinaryWriter();
  writer.tag(1, WireType.Varint).int64(IR_VERSION);
  text(writer, 2, PRODUCER);
  message(writer, 7, () => writeGraph(writer, model));
  for (const [domain, version] of [["", model.operatorSet], ["com.microsoft", CONTRIBUTED_VERSION]] as const) {
    if (domain !== "" && !model.nodes.some((node) => node.domain === domain)) continue;
    message(writer, 8, () => {
      text(writer, 1, domain);
      writer.tag(2, WireType.Varint).int64(version);
    });
  }
  for (const [key, value] of model.metadata) {
    message(writer, 14, () => {
      text(writer, 1, key);
      text(writer, 2, value);
    });
  }
  return writer.finish();
}

function writeGraph(writer: BinaryWriter, graph: OnnxGraphContent): void {
  for (const node of graph.nodes) message(writer, 1, () => writeNode(writer, node));
  text(writer, 2, graph.name);
  for (const initializer of graph.initializers) message(writer, 5, () => writeInitializer(writer, initializer));
  for (const input of graph.inputs) message(writer, 11, () => writeValueInfo(writer, input));
  for (const output of graph.outputs) message(writer, 12, () => writeValueInfo(writer, output));
}

function writeNode(writer: BinaryWriter, node: OnnxNode): void {
  for (const input of node.inputs) text(writer, 1, input);
  for (const output of node.outputs) text(writer, 2, output);
  text(writer, 3, node.name);
  text(writer, 4, node.operator);
  for (const [name, attribute] of Object.entries(node.attributes)) {
    message(writer, 5, () => writeAttribute(writer, name, attribute));
  }
  if (node.domain !== "") text(writer, 7, node.domain);
}

function writeAttribute(writer: BinaryWriter, name: string, attribute: OnnxAttribute): void {
  text(writer, 1, name);
  const type = writer.tag(20, WireType.Varint);
  if ("float" in attribute) {
    type.int32(ATTRIBUTE_TYPES.float).tag(2, WireType.Bit32).float(attribute.float);
  } else if ("int" in attribute) {
    type.int32(ATTRIBUTE_TYPES.int).tag(3, WireType.Varint).int64(attribute.int);
  } else if ("text" in attribute) {
    type.int32(ATTRIBUTE_TYPES.text);
    text(writer, 4, attribute.text);
  } else if ("graph" in attribute) {
    const { graph } = attribute;
    type.int32(ATTRIBUTE_TYPES.graph);
    message(writer, 6, () => writeGraph(writer, graph));
  } else {
    type.int32(ATTRIBUTE_TYPES.ints);
    for (const value of attribute.ints) writer.tag(8, WireType.Varint).int64(value);
  }
}

function writeInitializer(writer: BinaryWriter, { name, shape, data }: OnnxInitializer): void {
  if (sizeOf(shape) !== data.length) {
    throw new RangeError(`Cannot write ${name}: expected ${sizeOf(shape)} values for [${shape}], got ${data.length}`);
  }
  for (const extent of shape) writer.tag(1, WireType.Varint).int64(extent);
  writer.tag(2, WireType.Varint).int32(ELEMENT_TYPES[elementTypeOf(data)]);
  text(writer, 8, name);
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  writer.tag(9, WireType.LengthDelimited).bytes(bytes);
}

function writeValueInfo(writer: BinaryWriter, { name, elementType, shape, description }: OnnxValueInfo): void {
  text(writer, 1, name);
  const writeExtent = (extent: number | string) => {
    if (typeof extent === "string") text(writer, 2, extent);
    else writer.tag(1, WireType.Varint).int64(extent);
  };
  const writeTensorType = () => {
    writer.tag(1, WireType.Varint).int32(ELEMENT_TYPES[elementType]);
    message(writer, 2, () => {
      for (const extent of shape) message(writer, 1, () => writeExtent(extent));
    });
  };
  message(writer, 2, () => message(writer, 1, writeTensorType));
  if (description !== undefined) text(writer, 3, description);
}

/** The element type that an array holds. */
export function elementTypeOf(data: OnnxArray): ElementType {
  if (data instanceof Float32Array) return "float32";
  if (data instanceof Uint8Array) return "uint8";
  if (data instanceof Int8Array) return "int8";
  return data instanceof Int32Array ? "int32" : "int64";
}

function text(writer: BinaryWriter, field: number, value: string): void {
  writer.tag(field, WireType.LengthDelimited).string(value);
}

function message(writer: BinaryWriter, field: number, write: () => void): void {
  writer.tag(field, WireType.LengthDelimited).fork();
  write();
  writer.join();
}
