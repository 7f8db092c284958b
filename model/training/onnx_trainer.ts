import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import type { Tensor, TensorMap } from "../tensor.ts";
import { graphToOnnx } from "./graph_to_onnx.ts";
import { NEXT, type TrainingReply, type TrainingRequest } from "./onnx_training_messages.ts";
import type { ProgramRunner, ProgramStep } from "./program_runner.ts";
import { createProgramTrainer } from "./program_trainer.ts";
import type { Trainer, TrainerSpec } from "./trainer.ts";
import { LOGITS, type TrainingProgram } from "./training_program.ts";

/**
 * A trainer on the CPU by onnxruntime, in a worker of its own. onnxruntime has no gradients: forward, backward and
 * update are one ONNX graph.
 * @param state see `Trainer.state`; missing momentum is zero.
 * @throws RangeError when the state does not fit, Error when onnxruntime has no binary for this platform.
 */
export function createOnnxTrainer(
  spec: TrainerSpec,
  state: TensorMap,
  threads: number = availableParallelism(),
): Promise<Trainer> {
  return createProgramTrainer(spec, state, (program, held) => OnnxProgramRunner.create(program, held, threads));
}

class OnnxProgramRunner implements ProgramRunner {
  readonly #worker = new Worker(new URL("./onnx_training_worker.ts", import.meta.url));
  readonly #waiting: PromiseWithResolvers<TrainingReply>[] = [];
  #dead: Error | undefined;

  private constructor() {
    this.#worker.on("message", (reply: TrainingReply) => this.#waiting.shift()?.resolve(reply));
    this.#worker.on("error", (error) => this.#die(String(error)));
    this.#worker.on("exit", () => this.#die("the trainer is closed"));
  }

  static async create(program: TrainingProgram, state: TensorMap, threads: number): Promise<OnnxProgramRunner> {
    const { results, nextState } = program.step;
    const next = [...nextState].map(([name, value]) => [`${NEXT}${name}`, value] as const);
    const step = graphToOnnx("training step", new Map([...results, ...next]));
    const evaluate = graphToOnnx("evaluation", new Map([[LOGITS, program.evaluate]]));
    const runner = new OnnxProgramRunner();
    try {
      const buffers = [step.buffer, evaluate.buffer];
      await runner.#ask({ kind: "load", step, evaluate, state, threads }, buffers);
      return runner;
    } catch (error) {
      await runner.close();
      throw error;
    }
  }

  async steps(inputs: readonly TensorMap[]): Promise<ProgramStep[]> {
    const reply = await this.#ask({ kind: "steps", inputs });
    if (reply.kind !== "stepped") throw this.#unexpected("steps", reply);
    return reply.results;
  }

  async evaluate(inputs: TensorMap): Promise<Tensor> {
    const tensors = await this.#tensors({ kind: "evaluate", inputs });
    const logits = tensors.get(LOGITS);
    if (logits === undefined) throw new Error("Cannot evaluate on onnxruntime: expected logits, got none");
    return logits;
  }

  state(): Promise<TensorMap> {
    return this.#tensors({ kind: "state" });
  }

  async close(): Promise<void> {
    await this.#worker.terminate();
  }

  async #tensors(request: TrainingRequest): Promise<TensorMap> {
    const reply = await this.#ask(request);
    if (reply.kind !== "tensors") throw this.#unexpected("tensors", reply);
    return reply.tensors;
  }

  async #ask(request: TrainingRequest, transferred: ArrayBuffer[] = []): Promise<TrainingReply> {
    if (this.#dead) throw this.#dead;
    const answered = Promise.withResolvers<TrainingReply>();
    this.#waiting.push(answered);
    this.#worker.postMessage(request, transferred);
    const reply = await answered.promise;
    if (reply.kind === "failed") throw new Error(`Cannot train on onnxruntime: ${reply.message}`);
    return reply;
  }

  #unexpected(expected: string, reply: TrainingReply): Error {
    return new Error(`Cannot train on onnxruntime: expected ${expected}, got "${reply.kind}"`);
  }

  #die(reason: string): void {
    this.#dead ??= new Error(`Cannot train on onnxruntime: ${reason}`);
    for (const { reject } of this.#waiting.splice(0)) reject(this.#dead);
  }
}
