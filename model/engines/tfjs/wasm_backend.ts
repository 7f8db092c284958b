import { createRequire } from "node:module";
import * as tf from "@tensorflow/tfjs";
import { setWasmPaths } from "@tensorflow/tfjs-backend-wasm";
import { computeOnThread, startTfjs, type TfjsBackend } from "./tfjs_backend.ts";

/** tfjs in WebAssembly, on one core, with SIMD where the processor has it. */
export async function openWasmBackend(): Promise<TfjsBackend> {
  // tfjs looks for its .wasm files beside its bundle, which it does not find when it is loaded from node_modules.
  const entry = createRequire(import.meta.url).resolve("@tensorflow/tfjs-backend-wasm");
  setWasmPaths(entry.replace(/[^/\\]*$/, ""));
  await startTfjs("wasm");
  return {
    name: "wasm",
    device: `the CPU in WebAssembly on one core, by tfjs ${tf.version_core}`,
    batchSize: 4,
    compute: (operation, run) => computeOnThread("wasm", operation, run),
    settle: (results) => results,
    close: () => {},
  };
}
