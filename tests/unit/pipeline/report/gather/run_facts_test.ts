import { assertEquals } from "@std/assert";
import { runFacts } from "../../../../../pipeline/report/gather/run_facts.ts";

const SETTINGS = { weights: "full", recipe: "writeup", seed: 3, clip: 0.005, isSample: false };
const FINISHED = new Date("2025-11-24T02:15:00Z");
const ON_CPU = {
  stage: "train",
  details: null,
  backend: "onnx",
  device: "the CPU",
  backendReason: "asked for by name",
};
const NO_ENGINE = { stage: "split", details: null, backend: null, device: null, backendReason: null };

Deno.test("runFacts() tells of the engine that computed last", () => {
  const webgpu = { ...ON_CPU, backend: "webgpu" };
  assertEquals(runFacts("real", SETTINGS, [webgpu, ON_CPU, NO_ENGINE], FINISHED), {
    name: "real",
    finished: FINISHED,
    weights: "full",
    recipe: "writeup",
    seed: 3,
    clip: 0.005,
    engine: "onnx",
    device: "the CPU",
    engineReason: "asked for by name",
    reference: { source: "the write-up", accuracy: 0.9899, logLoss: 0.030226 },
  });
  assertEquals(runFacts("real", SETTINGS, [NO_ENGINE], FINISHED).engine, "none");
});

Deno.test("runFacts() tells in what numbers transform computed, where that was kept", () => {
  const words = "int8, by the ranges of 24 photos";
  const transform = { ...ON_CPU, stage: "transform", details: { precision: words } };
  assertEquals(runFacts("real", SETTINGS, [transform, ON_CPU], FINISHED).precision, words);
  for (const records of [[{ ...transform, details: null }], [ON_CPU], []]) {
    assertEquals("precision" in runFacts("real", SETTINGS, records, FINISHED), false);
  }
});

Deno.test("runFacts() compares with the write-up only what follows it, on photos and weights like its own", () => {
  for (const changed of [{ recipe: "linear-probe" }, { weights: "mini" }, { isSample: true }]) {
    assertEquals(runFacts("real", { ...SETTINGS, ...changed }, [ON_CPU], FINISHED).reference, undefined);
  }
});
