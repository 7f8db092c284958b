import { assert, assertEquals, assertRejects } from "@std/assert";
import { OnnxGraph } from "../../../../../../model/engines/onnx/graphs/onnx_graph.ts";
import { OnnxSession } from "../../../../../../model/engines/onnx/sessions/onnx_session.ts";
import type { OnnxTensor } from "../../../../../../model/engines/onnx/sessions/session_messages.ts";
import { tensor } from "../../../../../../model/tensor.ts";

/** `y = x x`, over and over: work that takes as long as asked. */
function multiplications(count: number): Uint8Array<ArrayBuffer> {
  const graph = new OnnxGraph("multiplications");
  let value = graph.input("x", ["size", "size"]);
  for (let k = 0; k < count; k++) value = graph.node("MatMul", [value, "x"], k === count - 1 ? "y" : `y${k}`);
  graph.output(value, ["size", "size"]);
  return graph.encode();
}

function matrix(size: number) {
  return tensor([size, size], new Float32Array(size * size).fill(1 / size));
}

Deno.test("run() leaves the event loop free", async () => {
  const session = await OnnxSession.create("multiplications", multiplications(40), 1);
  let ticks = 0;
  const timer = setInterval(() => ticks++, 1);
  await session.run(new Map([["x", matrix(300)]]));
  clearInterval(timer);
  await session.close();
  assert(ticks > 0, "no timer fired meanwhile");
});

Deno.test("run() takes whole numbers beside floats", async () => {
  const graph = new OnnxGraph("gather");
  graph.input("table", [3, 2]);
  graph.input("rows", ["count"], "int64");
  graph.output(graph.node("Gather", ["table", "rows"], "picked"), ["count", 2]);
  const session = await OnnxSession.create(graph.name, graph.encode(), 1);
  const outputs = await session.run(
    new Map<string, OnnxTensor>([
      ["table", tensor([3, 2], Float32Array.of(1, 2, 3, 4, 5, 6))],
      ["rows", { shape: [2], data: BigInt64Array.of(2n, 0n) }],
    ]),
  );
  assertEquals(outputs.get("picked"), tensor([2, 2], Float32Array.of(5, 6, 1, 2)));
  await session.close();
});

Deno.test("create() says why onnxruntime refuses a graph", async () => {
  const graph = new OnnxGraph("nonsense");
  graph.output(graph.node("NoSuchOperator", [graph.input("x", [1])], "y"), [1]);
  await assertRejects(
    () => OnnxSession.create(graph.name, graph.encode(), 1),
    Error,
    "Cannot load nonsense on onnxruntime: ",
  );
});

Deno.test("run() names the graph and the node that failed, and goes on with the next one", async () => {
  const session = await OnnxSession.create("multiplications", multiplications(1), 1);
  const oblong = tensor([2, 3], new Float32Array(6));
  const failure = await assertRejects(() => session.run(new Map([["x", oblong]])), Error, "Cannot run multiplications");
  assert(failure.message.includes("'y'"), failure.message);
  const { y } = Object.fromEntries(await session.run(new Map([["x", matrix(2)]])));
  assertEquals([...y.data], [0.5, 0.5, 0.5, 0.5]);
  await session.close();
});

Deno.test("close() fails the runs that wait and those that come after", async () => {
  const session = await OnnxSession.create("multiplications", multiplications(40), 1);
  const waiting = session.run(new Map([["x", matrix(300)]]));
  const closed = session.close();
  await assertRejects(() => waiting, Error, "it is closed");
  await closed;
  await assertRejects(() => session.run(new Map([["x", matrix(2)]])), Error, "it is closed");
});

Deno.test("close() gives back the memory of the graph's weights", async () => {
  const [size, count] = [4096, 6];
  const open = async () => {
    const graph = new OnnxGraph("large weights");
    const weights = graph.initializer("weights", [size, size], new Float32Array(size * size).fill(1));
    graph.output(graph.node("MatMul", [graph.input("x", [1, size]), weights], "y"), [1, size]);
    return await OnnxSession.create(graph.name, graph.encode(), 1);
  };
  // The first one loads the library.
  await (await open()).close();
  const before = Deno.memoryUsage().rss;
  for (let k = 0; k < count; k++) await (await open()).close();
  const kept = Deno.memoryUsage().rss - before;
  assert(kept < count * size * size * 4 / 2, `${kept} bytes more are allocated after ${count} sessions`);
});
