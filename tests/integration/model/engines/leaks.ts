import { assert } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import type { Engine, EngineName } from "../../../../model/engines/engine.ts";

/** Memory comes and goes in larger pieces than values do: growth by this many bytes may be the allocator's. */
const SLACK_BYTES = 32 * 2 ** 20;

/** Buffers of every device that were created since `countBuffers` and not destroyed. */
const alive = new Set<GPUBuffer>();

/** Counts from now on; every further call changes nothing. */
const countBuffers = once(() => {
  const { createBuffer } = GPUDevice.prototype;
  GPUDevice.prototype.createBuffer = function (descriptor) {
    const buffer = createBuffer.call(this, descriptor);
    alive.add(buffer);
    return buffer;
  };
  const { destroy } = GPUBuffer.prototype;
  GPUBuffer.prototype.destroy = function () {
    alive.delete(this);
    return destroy.call(this);
  };
});

function once(run: () => void): () => void {
  let ran = false;
  return () => {
    if (!ran) run();
    ran = true;
  };
}

/** tfjs's tensors, with the buffers on a GPU; onnxruntime shows nothing but the process's memory. */
function heldBy(engine: EngineName): { readonly held: number; readonly slack: number } {
  if (engine === "onnx") return { held: Deno.memoryUsage().rss, slack: SLACK_BYTES };
  return { held: tf.memory().numTensors + alive.size, slack: 0 };
}

/** Runs after which an engine holds what it needs; the memory for garbage grows for longer. */
const WARM_UP = { webgpu: 10, onnx: 200, wasm: 10, cpu: 10 } as const;

/** Fails when an engine holds more after 100 runs than before, once it is warm. */
export async function assertLeaksNothing({ name }: Engine, run: () => Promise<unknown>): Promise<void> {
  if (name === "webgpu") countBuffers();
  for (let k = 0; k < WARM_UP[name]; k++) await run();
  const before = heldBy(name);
  for (let k = 0; k < 100; k++) await run();
  const after = heldBy(name);
  assert(after.held <= before.held + before.slack, `${name} held ${before.held} before and ${after.held} after`);
}
