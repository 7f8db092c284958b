/// <reference no-default-lib="true" />
/// <reference lib="deno.worker" />
/**
 * Trains beside the main thread, which onnxruntime would block. The state stays here, twice: a step reads one copy and
 * writes into the other, and the next one the other way round, so that nothing is allocated for it or copied.
 */
import type { InferenceSession, OnnxValue, Tensor as OrtTensor } from "onnxruntime-node";
import { entryOf } from "../../../data/base/entry_of.ts";
import { messageOf } from "../../../data/base/message_of.ts";
import { type Tensor, type TensorMap, transferable } from "../../tensor.ts";
import type { FailedReply } from "../../../data/base/worker_conversation.ts";
import { OneAtATime } from "../one_at_a_time.ts";
import type { RowBlock } from "./graphs/row_blocks.ts";
import { loadOnnxruntime } from "./sessions/load_onnxruntime.ts";
import { NEXT, type TrainingReply, type TrainingRequest } from "./onnx_training_messages.ts";
import type { ProgramStep } from "../../training/program_runner.ts";
import { LOGITS, LOSS } from "../../training/training_program.ts";

let stepSession: InferenceSession | undefined;
let evaluateSession: InferenceSession | undefined;
let state = new Map<string, Tensor>();
/** Where the next step writes; what does not change is the same tensor in both. */
let nextState = new Map<string, Tensor>();
let blocks = new Map<string, RowBlock>();

/** A request waits until the one before is answered: its steps start from the state that those of that one leave. */
const turns = new OneAtATime();

self.onmessage = ({ data: request }: MessageEvent<TrainingRequest>) => turns.run(() => reply(request));

async function reply(request: TrainingRequest): Promise<void> {
  const transferred: ArrayBuffer[] = [];
  let reply: TrainingReply | FailedReply;
  try {
    reply = await answer(request, transferred);
  } catch (error) {
    reply = { kind: "failed", message: messageOf(error) };
  }
  self.postMessage(reply, transferred);
}

/** @param transferred takes the buffers that go to the main thread with the reply. */
async function answer(request: TrainingRequest, transferred: ArrayBuffer[]): Promise<TrainingReply> {
  switch (request.kind) {
    case "load":
      stepSession = await load(request.step, request.threads);
      evaluateSession = await load(request.evaluate, request.threads);
      state = new Map(request.state);
      nextState = new Map(state);
      blocks = new Map(request.blocks.map((block) => [block.name, block]));
      for (const name of changedBy(stepSession)) {
        const changed = blocks.get(name)?.of ?? name;
        const { shape, data } = entryOf(state, changed, "a tensor of the state");
        if (nextState.get(changed)?.data === data) {
          nextState.set(changed, { shape, data: new Float32Array(data.length) });
        }
      }
      return { kind: "loaded" };
    case "steps": {
      const results: ProgramStep[] = [];
      for (const inputs of request.inputs) results.push(await step(inputs));
      return { kind: "stepped", results };
    }
    case "evaluate": {
      const logits = (await run(evaluateSession, request.inputs, { [LOGITS]: null }))[LOGITS];
      return { kind: "tensors", tensors: new Map([[LOGITS, copyOf(LOGITS, logits)]]) };
    }
    case "release":
      await stepSession?.release();
      await evaluateSession?.release();
      return { kind: "released" };
    case "state": {
      const copies = transferable(state);
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
  const written = stepSession ? changedBy(stepSession) : [];
  const outputs: Record<string, OnnxValue | null> = { [LOSS]: null, [LOGITS]: null };
  for (const name of written) outputs[`${NEXT}${name}`] = await ortTensor(tensorIn(nextState, name));
  const results = await run(stepSession, inputs, outputs);
  const loss = copyOf(LOSS, results[LOSS]).data[0];
  const logits = copyOf(LOGITS, results[LOGITS]).data;
  results[LOSS].dispose();
  results[LOGITS].dispose();
  [state, nextState] = [nextState, state];
  return { loss, logits };
}

/** The tensors of the state, or blocks of them, that a step gives. */
function changedBy({ outputNames }: InferenceSession): string[] {
  return outputNames.flatMap((name) => name.startsWith(NEXT) ? [name.slice(NEXT.length)] : []);
}

/** A tensor of the state, or a block of one, where it lies. */
function tensorIn(tensors: TensorMap, name: string): Tensor {
  const block = blocks.get(name);
  if (block === undefined) return entryOf(tensors, name, "an input or a tensor of the state");
  const { shape, data } = entryOf(tensors, block.of, "a tensor of the state");
  const width = data.length / shape[0];
  return {
    shape: shape.with(0, block.end - block.start),
    data: data.subarray(block.start * width, block.end * width),
  };
}

/**
 * Gives a session the inputs that it declares: a batch's, and the rest from the state.
 * @param outputs where the results go; null where onnxruntime makes room.
 */
async function run(
  session: InferenceSession | undefined,
  inputs: TensorMap,
  outputs: Readonly<Record<string, OnnxValue | null>>,
) {
  if (session === undefined) throw new Error("expected a program that was loaded, got none");
  const feeds: Record<string, OnnxValue> = {};
  for (const name of session.inputNames) feeds[name] = await ortTensor(inputs.get(name) ?? tensorIn(state, name));
  return await session.run(feeds, outputs);
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
