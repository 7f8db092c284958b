import * as tf from "@tensorflow/tfjs";
import { computeOnThread, startTfjs, type TfjsBackend } from "./tfjs_backend.ts";

/** tfjs in plain JavaScript: runs anywhere, slowly. */
export async function openCpuBackend(): Promise<TfjsBackend> {
  await startTfjs("cpu");
  return {
    name: "cpu",
    device: `the CPU in plain JavaScript, by tfjs ${tf.version_core}`,
    batchSize: 1,
    compute: (operation, run) => computeOnThread("cpu", operation, run),
    settle: (results) => results,
    close: () => {},
  };
}
