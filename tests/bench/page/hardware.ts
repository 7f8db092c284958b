import { availableParallelism, cpus } from "node:os";
import { findGpuAdapter } from "../../../model/engines/gpu/gpu_adapter.ts";
import { OnnxSession } from "../../../model/engines/onnx/sessions/onnx_session.ts";
import { matMulGraph } from "../../../model/engines/onnx/graphs/mat_mul_graph.ts";
import { instructionSets } from "./instruction_sets.ts";
import * as tf from "@tensorflow/tfjs";

/** onnxruntime's version, from the library itself. */
export async function onnxruntimeVersion(): Promise<string> {
  const graph = matMulGraph();
  const session = await OnnxSession.create(graph.name, graph.encode(), 1);
  await session.close();
  return session.version;
}

/** What the table was measured on, a line each. */
export async function machineLines(onnxruntime: string, torch: string | undefined): Promise<string[]> {
  const [{ model }] = cpus();
  const gpu = await findGpuAdapter();
  const adapter = gpu === undefined ? "none" : `${gpu.description}${gpu.isSoftware ? " (software)" : ""}`;
  const gigabytes = (Deno.systemMemoryInfo().total / 1e9).toFixed(0);
  const sets = instructionSets(await Deno.readTextFile("/proc/cpuinfo").catch(() => undefined));
  return [
    `CPU: ${model.trim()}, ${availableParallelism()} cores, instruction sets: ${sets}, ${gigabytes} GB of memory; GPU adapter: ${adapter}`,
    `Deno ${Deno.version.deno}, onnxruntime-node ${onnxruntime}, tfjs ${tf.version_core}, ` +
    (torch === undefined ? "PyTorch not asked for" : `PyTorch ${torch}`),
  ];
}
