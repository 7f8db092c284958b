import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { chooseEngine, type EngineOpeners } from "../../../../model/engines/choose.ts";
import type { Engine, EngineName } from "../../../../model/engines/engine.ts";

function engineNamed(name: EngineName): Engine {
  const never = () => Promise.reject(new Error("not for computing"));
  return {
    name,
    device: name,
    precision: "f32",
    batchSize: 1,
    compile: never,
    train: never,
    matMulTransposed: never,
    close: () => Promise.resolve(),
  };
}

interface Machine {
  readonly gpu?: { readonly isSoftware: boolean; readonly starts?: boolean };
  /** Engines that do not start. */
  readonly broken?: readonly EngineName[];
}

function machineWith({ gpu, broken = [] }: Machine): EngineOpeners {
  const open = (name: EngineName) => () =>
    broken.includes(name) ? Promise.reject(new Error("no binary")) : Promise.resolve(engineNamed(name));
  const found = gpu && {
    description: "Some Adapter",
    isSoftware: gpu.isSoftware,
    open: gpu.starts === false ? () => Promise.reject(new Error("no device")) : open("webgpu"),
  };
  return { findGpu: () => Promise.resolve(found), onnx: open("onnx"), wasm: open("wasm"), cpu: open("cpu") };
}

async function chosen(requested: "auto" | EngineName, machine: Machine) {
  const { engine, reason } = await chooseEngine(requested, { openers: machineWith(machine) });
  return { name: engine.name, reason };
}

Deno.test("chooseEngine() takes a GPU where there is one", async () => {
  assertEquals(await chosen("auto", { gpu: { isSoftware: false } }), { name: "webgpu", reason: "the GPU found" });
});

Deno.test("chooseEngine() takes onnx without a GPU", async () => {
  assertEquals(await chosen("auto", {}), { name: "onnx", reason: "no GPU found" });
});

Deno.test("chooseEngine() takes onnx rather than a software adapter", async () => {
  const reason = "Some Adapter is no GPU but software";
  assertEquals(await chosen("auto", { gpu: { isSoftware: true } }), { name: "onnx", reason });
});

Deno.test("chooseEngine() goes on to the next engine when one does not start, and says why", async () => {
  const { name, reason } = await chosen("auto", { gpu: { isSoftware: false, starts: false }, broken: ["onnx"] });
  assertEquals(name, "wasm");
  assertEquals(reason, "the GPU did not start: no device; onnx did not start: no binary");
  assertEquals((await chosen("auto", { broken: ["onnx", "wasm"] })).name, "cpu");
});

Deno.test("chooseEngine() says why nothing starts", async () => {
  const failure = await assertRejects(() => chosen("auto", { broken: ["onnx", "wasm", "cpu"] }), Error);
  assertStringIncludes(failure.message, "cpu did not start: no binary");
});

Deno.test("chooseEngine() takes what is asked for by name, a software adapter included", async () => {
  const software = { gpu: { isSoftware: true } };
  assertEquals(await chosen("wasm", software), { name: "wasm", reason: "asked for by name" });
  const { name, reason } = await chosen("webgpu", software);
  assertEquals(name, "webgpu");
  assertStringIncludes(reason, "software adapter");
});

Deno.test("chooseEngine() does not replace an engine that was asked for by name", async () => {
  await assertRejects(() => chosen("onnx", { broken: ["onnx"] }), Error, "no binary");
});

Deno.test("chooseEngine() says what to do when webgpu is asked for and there is no adapter", async () => {
  const failure = await assertRejects(() => chosen("webgpu", {}), Error, "expected a graphics adapter, got none");
  assertStringIncludes(failure.message, "--backend onnx");
});
