import { assertEquals, assertThrows } from "@std/assert";
import { BinaryReader } from "@bufbuild/protobuf/wire";
import { OnnxGraph } from "../../../../../../model/engines/onnx/graphs/onnx_graph.ts";

/** A protobuf message, undecoded: the fields of a number, in the order in which they stand. */
function fieldsOf(bytes: Uint8Array): (number: number) => Uint8Array[] {
  const fields: [number, Uint8Array][] = [];
  const reader = new BinaryReader(bytes);
  while (reader.pos < reader.len) {
    const [number, wireType] = reader.tag();
    fields.push([number, reader.skip(wireType, number)]);
  }
  return (number) => fields.filter(([other]) => other === number).map(([, field]) => field);
}

/** A field that holds bytes, a text or a message comes with its length in front. */
function contentOf(field: Uint8Array): Uint8Array {
  return new BinaryReader(field).bytes();
}

function textOf(field: Uint8Array): string {
  return new TextDecoder().decode(contentOf(field));
}

/** Field numbers of onnx.proto. */
const MODEL = { graph: 7, metadata: 14 };
const GRAPH = { node: 1, name: 2, initializer: 5, input: 11, output: 12 };
const NODE = { input: 1, output: 2, name: 3, operator: 4, attribute: 5 };
const TENSOR = { extent: 1, elementType: 2, name: 8, bytes: 9 };

function doubled(): OnnxGraph {
  const graph = new OnnxGraph("doubled");
  const x = graph.input("x", ["batch", 2]);
  const two = graph.initializer("two", [1], Float32Array.of(2));
  graph.output(graph.node("Mul", [x, two], "y"), ["batch", 2]);
  return graph;
}

Deno.test("encode() writes nodes, constants, inputs and outputs under their names", () => {
  const model = fieldsOf(doubled().encode(new Map([["width", "0.25"]])));
  const graph = fieldsOf(contentOf(model(MODEL.graph)[0]));
  assertEquals(textOf(graph(GRAPH.name)[0]), "doubled");
  const node = fieldsOf(contentOf(graph(GRAPH.node)[0]));
  assertEquals(node(NODE.input).map(textOf), ["x", "two"]);
  assertEquals(node(NODE.output).map(textOf), ["y"]);
  assertEquals(node(NODE.operator).map(textOf), ["Mul"]);
  assertEquals(graph(GRAPH.input).length, 1);
  assertEquals(graph(GRAPH.output).length, 1);
  const metadata = fieldsOf(contentOf(model(MODEL.metadata)[0]));
  assertEquals([...metadata(1), ...metadata(2)].map(textOf), ["width", "0.25"]);
});

Deno.test("encode() writes a constant's numbers as little-endian bytes", () => {
  const graph = fieldsOf(contentOf(fieldsOf(doubled().encode())(MODEL.graph)[0]));
  const constant = fieldsOf(contentOf(graph(GRAPH.initializer)[0]));
  assertEquals(textOf(constant(TENSOR.name)[0]), "two");
  assertEquals(new BinaryReader(constant(TENSOR.elementType)[0]).int32(), 1);
  assertEquals([...contentOf(constant(TENSOR.bytes)[0])], [0, 0, 0, 0x40]);
});

Deno.test("encode() refuses a constant that is not as long as its shape says", () => {
  const graph = new OnnxGraph("short");
  graph.initializer("weights", [2, 3], new Float32Array(5));
  assertThrows(() => graph.encode(), RangeError, "Cannot write weights: expected 6 values for [2,3], got 5");
});

Deno.test("node() refuses an input that nothing defines", () => {
  assertThrows(() => new OnnxGraph("g").node("Relu", ["x"], "y"), RangeError, 'got "x"');
});

Deno.test("node() takes an empty name for an optional input that is left out", () => {
  const graph = new OnnxGraph("clipped");
  const x = graph.input("x", [1]);
  assertEquals(graph.node("Clip", [x, "", graph.initializer("high", [], Float32Array.of(6))], "y"), "y");
});

Deno.test("input(), initializer() and node() refuse a name that is taken", () => {
  const graph = new OnnxGraph("g");
  graph.input("x", [1]);
  assertThrows(() => graph.input("x", [1]), RangeError, 'got "x"');
  assertThrows(() => graph.initializer("x", [0], new Float32Array()), RangeError, 'got "x"');
  assertThrows(() => graph.node("Relu", ["x"], "x"), RangeError, 'got "x"');
});

Deno.test("output() refuses a value that nothing defines", () => {
  assertThrows(() => new OnnxGraph("g").output("y", [1]), RangeError, "Cannot give y back");
});

Deno.test("encode() writes a graph that a node runs, which reads the values around it", () => {
  const outer = new OnnxGraph("outer");
  const x = outer.input("x", [1]);
  const inner = outer.within("inner");
  inner.output(inner.node("Relu", [x], "y"), [1]);
  outer.node("Wrap", [x], "z", { body: { graph: inner.content }, mode: { text: "linear" } });
  const graph = fieldsOf(contentOf(fieldsOf(outer.encode())(MODEL.graph)[0]));
  const [body, mode] = fieldsOf(contentOf(graph(GRAPH.node)[0]))(NODE.attribute).map((field) =>
    fieldsOf(contentOf(field))
  );
  assertEquals([textOf(mode(1)[0]), textOf(mode(4)[0]), new BinaryReader(mode(20)[0]).int32()], ["mode", "linear", 3]);
  assertEquals([textOf(body(1)[0]), new BinaryReader(body(20)[0]).int32()], ["body", 5]);
  const written = fieldsOf(contentOf(body(6)[0]));
  assertEquals(textOf(written(GRAPH.name)[0]), "inner");
  assertEquals(fieldsOf(contentOf(written(GRAPH.node)[0]))(NODE.input).map(textOf), ["x"]);
});

Deno.test("a graph that a node runs takes no name from the graph around it, and gives it none", () => {
  const outer = new OnnxGraph("outer");
  outer.input("x", [1]);
  const inner = outer.within("inner");
  assertThrows(() => inner.input("x", [1]), RangeError, 'got "x"');
  inner.input("y", [1]);
  assertThrows(() => outer.node("Relu", ["y"], "z"), RangeError, 'got "y"');
});

Deno.test("encode() writes what an input and an output are, for people", () => {
  const graph = new OnnxGraph("described");
  graph.output(graph.input("x", [1], "uint8", "a byte"), [1], "uint8", "the same byte");
  const written = fieldsOf(contentOf(fieldsOf(graph.encode())(MODEL.graph)[0]));
  const described = [...written(GRAPH.input), ...written(GRAPH.output)].map((field) => fieldsOf(contentOf(field))(3));
  assertEquals(described.map(([text]) => textOf(text)), ["a byte", "the same byte"]);
});
