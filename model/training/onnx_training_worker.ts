/**
 * Trains beside the main thread, which onnxruntime would block. The state stays here, as onnxruntime's own tensors: what
 * one step gives back is fed to the next one without a copy.
 */
import { parentPort } from "node:worker_threads";
import { InferenceSession, Tensor as OrtTensor } from "onnxruntime-node";
import type { Tensor, TensorMap } from "../tensor.ts";
import { NEXT, type TrainingReply, type TrainingRequest } from "./onnx_training_messages.ts";
import { LOGITS, LOSS } from "./training_program.ts";
import type { ProgramStep } from "./program_runner.ts";

const port = parentPort;
if (port === null) throw new Error("Cannot train: expected to run in a worker, got the main thread");

let stepSession: InferenceSession | undefined;
let evaluateSession: InferenceSession | undefined;
const state = new Map<string, OrtTensor>();

port.on("message", async (request: TrainingRequest) => {
  try {
    port.postMessage(await answer(request));
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    port.postMessage({ kind: "failed", message } satisfies TrainingReply);
  }
});

async function answer(request: TrainingRequest): Promise<TrainingReply> {
  switch (request.kind) {
    case "load": {
      const options = {
        executionProviders: ["cpu"],
        intraOpNumThreads: request.threads,
        interOpNumThreads: 1,
        // The graphs are written as they should run; onnxruntime would fuse transpositions into slower products.
        graphOptimizationLevel: "disabled",
      } as const;
      stepSession = await InferenceSession.create(request.step, options);
      evaluateSession = await InferenceSession.create(request.evaluate, options);
      for (const [name, tensor] of request.state) state.set(name, ortTensor(tensor));
      return { kind: "loaded" };
    }
    case "steps": {
      const results: ProgramStep[] = [];
      for (const inputs of request.inputs) results.push(await step(inputs));
      return { kind: "stepped", results };
    }
    case "evaluate": {
      const logits = (await run(evaluateSession, request.inputs))[LOGITS];
      return { kind: "tensors", tensors: new Map([[LOGITS, copyOf(LOGITS, logits)]]) };
    }
    case "state":
      return { kind: "tensors", tensors: new Map([...state].map(([name, value]) => [name, copyOf(name, value)])) };
  }
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
  const feeds: Record<string, OrtTensor> = {};
  for (const name of session.inputNames) {
    const given = inputs.get(name);
    const value = given ? ortTensor(given) : state.get(name);
    if (value === undefined) throw new Error(`expected an input "${name}", got none`);
    feeds[name] = value;
  }
  return await session.run(feeds);
}

function ortTensor({ shape, data }: Tensor): OrtTensor {
  return new OrtTensor("float32", data, shape);
}

function copyOf(name: string, value: OrtTensor): Tensor {
  if (!(value.data instanceof Float32Array)) throw new Error(`expected ${name} in float32, got ${value.type}`);
  return { shape: [...value.dims], data: value.data.slice() };
}
