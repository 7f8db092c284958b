/// <reference no-default-lib="true" />
/// <reference lib="deno.worker" />
/**
 * Runs one ONNX graph beside the main thread, which `InferenceSession.run` would block: it computes on the thread that
 * calls it, and no timer fires meanwhile.
 */
import { messageOf } from "../../../../data/base/message_of.ts";
import type { FailedReply } from "../../../../data/base/worker_conversation.ts";
import type { InferenceSession, OnnxValue } from "onnxruntime-node";
import type { Tensor } from "../../../tensor.ts";
import { elementTypeOf } from "../graphs/onnx_proto.ts";
import { loadOnnxruntime } from "./load_onnxruntime.ts";
import type { OnnxTensor, SessionReply, SessionRequest } from "./session_messages.ts";

let session: InferenceSession | undefined;

self.onmessage = async ({ data: request }: MessageEvent<SessionRequest>) => {
  const transferred: ArrayBuffer[] = [];
  let reply: SessionReply | FailedReply;
  try {
    if (request.kind === "load") {
      const { env, InferenceSession } = await loadOnnxruntime();
      session = await InferenceSession.create(request.model, {
        executionProviders: ["cpu"],
        intraOpNumThreads: request.threads,
        interOpNumThreads: 1,
        graphOptimizationLevel: "all",
        // Threads that wait for work actively take it from the photos' decoding.
        extra: { session: { intra_op: { allow_spinning: "0" } } },
        // Between runs the memory goes back to where decoding and the other backbone can have it, at no loss of speed.
        enableCpuMemArena: false,
        enableMemPattern: false,
        // Errors reach the caller as exceptions; onnxruntime would print them as well.
        logSeverityLevel: 4,
      });
      reply = { kind: "loaded", version: env.versions.node ?? "of unknown version" };
    } else if (request.kind === "release") {
      await session?.release();
      reply = { kind: "released" };
    } else {
      reply = { kind: "ran", outputs: await run(request.inputs, transferred) };
    }
  } catch (error) {
    reply = { kind: "failed", message: messageOf(error) };
  }
  self.postMessage(reply, transferred);
};

/** @param transferred takes the buffers that go to the main thread with the reply. */
async function run(inputs: ReadonlyMap<string, OnnxTensor>, transferred: ArrayBuffer[]): Promise<Map<string, Tensor>> {
  if (session === undefined) throw new Error("expected a graph that was loaded, got none");
  const { Tensor } = await loadOnnxruntime();
  const feeds: Record<string, OnnxValue> = {};
  for (const [name, { shape, data }] of inputs) feeds[name] = new Tensor(elementTypeOf(data), data, shape);
  const results = await session.run(feeds);
  const outputs = new Map<string, Tensor>();
  for (const [name, result] of Object.entries(results)) {
    if (!(result.data instanceof Float32Array)) throw new Error(`expected ${name} in float32, got ${result.type}`);
    // onnxruntime owns the memory under its results, so it cannot be transferred: one copy is.
    const data = result.data.slice();
    result.dispose();
    outputs.set(name, { shape: [...result.dims], data });
    transferred.push(data.buffer);
  }
  return outputs;
}
