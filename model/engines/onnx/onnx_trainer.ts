import { availableParallelism } from "node:os";
import { entryOf } from "../../../data/base/entry_of.ts";
import { type Tensor, type TensorMap, transferable } from "../../tensor.ts";
import { WorkerConversation } from "../../../data/base/worker_conversation.ts";
import { graphToOnnx } from "./graphs/graph_to_onnx.ts";
import { updateInBlocks } from "./graphs/row_blocks.ts";
import { NEXT, type TrainingReply, type TrainingRequest } from "./onnx_training_messages.ts";
import type { ProgramRunner, ProgramStep } from "../../training/program_runner.ts";
import { createProgramTrainer } from "../../training/program_trainer.ts";
import type { Trainer, TrainerSpec } from "../../training/trainer.ts";
import { LOGITS, type TrainingProgram } from "../../training/training_program.ts";

/**
 * A trainer on the CPU by onnxruntime, in a worker of its own. onnxruntime has no gradients: forward, backward and
 * update are one ONNX graph.
 * @param state see `Trainer.state`; missing momentum is zero.
 * @param valuesABlock see `updateInBlocks`.
 * @throws RangeError when the state does not fit, Error when onnxruntime has no binary for this platform.
 */
export function createOnnxTrainer(
  spec: TrainerSpec,
  state: TensorMap,
  threads: number = availableParallelism(),
  valuesABlock?: number,
): Promise<Trainer> {
  return createProgramTrainer(spec, state, (program, held) => {
    return OnnxProgramRunner.create(program, held, threads, valuesABlock);
  });
}

class OnnxProgramRunner implements ProgramRunner {
  readonly #worker = new WorkerConversation<TrainingRequest, TrainingReply>(
    new URL("./onnx_training_worker.ts", import.meta.url),
    "training on onnxruntime",
  );

  private constructor() {}

  static async create(
    program: TrainingProgram,
    state: TensorMap,
    threads: number,
    valuesABlock?: number,
  ): Promise<OnnxProgramRunner> {
    const { results } = program.step;
    const { nextState, blocks } = updateInBlocks(program.step.nextState, valuesABlock);
    const next = [...nextState].map(([name, value]) => [`${NEXT}${name}`, value] as const);
    const step = graphToOnnx("training step", new Map([...results, ...next]));
    const evaluate = graphToOnnx("evaluation", new Map([[LOGITS, program.evaluate]]));
    const runner = new OnnxProgramRunner();
    try {
      const held = transferable(state);
      const request = { kind: "load", step, evaluate, blocks, state: held.tensors, threads } as const;
      await runner.#worker.ask("start", request, "loaded", [step.buffer, evaluate.buffer, ...held.buffers]);
      return runner;
    } catch (error) {
      await runner.close();
      throw error;
    }
  }

  async steps(inputs: readonly TensorMap[]): Promise<ProgramStep[]> {
    const batches = inputs.map(transferable);
    const request = { kind: "steps", inputs: batches.map(({ tensors }) => tensors) } as const;
    const { results } = await this.#worker.ask("go on", request, "stepped", batches.flatMap(({ buffers }) => buffers));
    return results;
  }

  async evaluate(inputs: TensorMap): Promise<Tensor> {
    const { tensors, buffers } = transferable(inputs);
    const reply = await this.#worker.ask("evaluate in", { kind: "evaluate", inputs: tensors }, "tensors", buffers);
    return entryOf(reply.tensors, LOGITS, "an output of the evaluation");
  }

  async state(): Promise<TensorMap> {
    return (await this.#worker.ask("read the state of", { kind: "state" }, "tensors")).tensors;
  }

  /** Stopping the worker alone would leave what onnxruntime holds allocated. A worker that has failed holds nothing. */
  async close(): Promise<void> {
    await this.#worker.ask("close", { kind: "release" }, "released").catch(() => {});
    this.#worker.close();
  }
}
