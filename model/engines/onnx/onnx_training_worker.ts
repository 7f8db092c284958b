/// <reference no-default-lib="true" />
/// <reference lib="deno.worker" />
/**
 * Trains beside the main thread, which onnxruntime would block. The state stays here, as onnxruntime's own tensors: what
 * one step gives back is fed to the next one without a copy.
 */
import type { InferenceSession, OnnxValue, Tensor as OrtTensor } from "onnxruntime-node";
import { messageOf } from "../../../data/base/message_of.ts";
import { type Tensor, type TensorMap, transferable } from "../../tensor.ts";
import type { FailedReply } from "../../../data/base/worker_conversation.ts";
import { loadOnnxruntime } from "./sessions/load_onnxruntime.ts";
import { NEXT, type TrainingReply, type TrainingRequest } from "./onnx_training_messages.ts";
import type { ProgramStep } from "../../training/program_runner.ts";
import { LOGITS, LOSS } from "../../training/training_program.ts";

let stepSession: InferenceSession | undefined;
let evaluateSession: InferenceSession | undefined;
const state = new Map<string, OnnxValue>();

self.onmessage = async ({ data: request }: MessageEvent<TrainingRequest>) => {
  const transferred: ArrayBuffer[] = [];
  let reply: TrainingReply | FailedReply;
  try {
    reply = await answer(request, transferred);
  } catch (error) {
    reply = { kind: "failed", message: messageOf(error) };
  }
  self.postMessage(reply, transferred);
};

/** @param transferred takes the buffers that go to the main thread with the reply. */
async function answer(request: TrainingRequest, transferred: ArrayBuffer[]): Promise<TrainingReply> {
  switch (request.kind) {
    case "load":
      stepSession = await load(request.step, request.threads);
      evaluateSession = await load(request.evaluate, request.threads);
      for (const [name, tensor] of request.state) state.set(name, await ortTensor(tensor));
      return { kind: "loaded" };
    case "steps": {
      const results: ProgramStep[] = [];
      for (const inputs of request.inputs) results.push(await step(inputs));
      return { kind: "stepped", results };
    }
    case "evaluate": {
      const logits = (await run(evaluateSession, request.inputs))[LOGITS];
      return { kind: "tensors", tensors: new Map([[LOGITS, copyOf(LOGITS, logits)]]) };
    }
    case "release":
      await stepSession?.release();
      await evaluateSession?.release();
      for (const value of state.values()) value.dispose();
      return { kind: "released" };
    case "state": {
      const copies = transferable(new Map([...state].map(([name, value]) => [name, viewOf(name, value)])));
      transferred.push(...copies.buffers);
      return { kind: "tensors", tensors: copies.tensors };
    }
  }
}

async function load(model: Uint8Array, threads: number): Promise<InferenceSession> {
  const { InferenceSession } = await loadOnnxruntime();
  return await InferenceSession.create(model, {
    executionProviders: ["cpu"],
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    // The graphs are written as they should run; onnxruntime would fuse transpositions into slower products.
    graphOptimizationLevel: "disabled",
    // One block for all that a step computes in between would cost half a gigabyte at full width, and is no faster.
    enableMemPattern: false,
    // Threads that wait for work actively take it from the reading of the next batch.
    extra: { session: { intra_op: { allow_spinning: "0" } } },
    // Errors reach the caller as exceptions; onnxruntime would print them as well.
    logSeverityLevel: 4,
  });
}

async function step(inputs: TensorMap): Promise<ProgramStep> {
  const outputs = await run(stepSession, inputs);
  const loss = copyOf(LOSS, outputs[LOSS]).data[0];
  const logits = copyOf(LOGITS, outputs[LOGITS]).data;
  for (const [name, value] of Object.entries(outputs)) {
    if (!name.startsWith(NEXT)) {
      value.dispose();
      continue;
    }
    const changed = name.slice(NEXT.length);
    state.get(changed)?.dispose();
    state.set(changed, value);
  }
  return { loss, logits };
}

/** Gives a session the inputs that it declares: a batch's, and the rest from the state. */
async function run(session: InferenceSession | undefined, inputs: TensorMap) {
  if (session === undefined) throw new Error("expected a program that was loaded, got none");
  const feeds: Record<string, OnnxValue> = {};
  for (const name of session.inputNames) {
    const given = inputs.get(name);
    const value = given ? await ortTensor(given) : state.get(name);
    if (value === undefined) throw new Error(`expected an input "${name}", got none`);
    feeds[name] = value;
  }
  return await session.run(feeds);
}

async function ortTensor({ shape, data }: Tensor): Promise<OrtTensor> {
  const { Tensor } = await loadOnnxruntime();
  return new Tensor("float32", data, shape);
}

/** What a value holds, in onnxruntime's own memory. */
function viewOf(name: string, value: OrtTensor): Tensor {
  if (!(value.data instanceof Float32Array)) throw new Error(`expected ${name} in float32, got ${value.type}`);
  return { shape: [...value.dims], data: value.data };
}

function copyOf(name: string, value: OnnxValue): Tensor {
  const { shape, data } = viewOf(name, value);
  return { shape, data: data.slice() };
}
