import * as tf from "@tensorflow/tfjs";
import { entryOf } from "../../../data/base/entry_of.ts";
import type { TfjsBackend } from "./tfjs_backend.ts";
import type { Tensor, TensorMap } from "../../tensor.ts";
import type { ProgramRunner, ProgramStep } from "../../training/program_runner.ts";
import { createProgramTrainer } from "../../training/program_trainer.ts";
import { TfjsGraph } from "./tfjs_graph.ts";
import type { Trainer, TrainerSpec } from "../../training/trainer.ts";
import { LOGITS, LOSS, type TrainingProgram } from "../../training/training_program.ts";

/**
 * A trainer on a device that tfjs computes on.
 * @param state see `Trainer.state`; missing momentum is zero.
 * @throws RangeError when the state does not fit, Error that names the operation that the device refuses.
 */
export function createTfjsTrainer(backend: TfjsBackend, spec: TrainerSpec, state: TensorMap): Promise<Trainer> {
  return createProgramTrainer(spec, state, (program, held) => TfjsProgramRunner.create(backend, program, held));
}

class TfjsProgramRunner implements ProgramRunner {
  readonly #backend: TfjsBackend;
  readonly #step: TfjsGraph;
  readonly #evaluate: TfjsGraph;
  readonly #state: Map<string, tf.Tensor>;
  /** The names of the state's tensors that a step changes. */
  readonly #changing: readonly string[];

  private constructor(backend: TfjsBackend, program: TrainingProgram, state: TensorMap) {
    this.#backend = backend;
    this.#step = new TfjsGraph(backend, new Map([...program.step.results, ...program.step.nextState]));
    this.#evaluate = new TfjsGraph(backend, new Map([[LOGITS, program.evaluate]]));
    this.#changing = [...program.step.nextState.keys()];
    this.#state = this.#upload(state);
  }

  static async create(backend: TfjsBackend, program: TrainingProgram, state: TensorMap): Promise<TfjsProgramRunner> {
    const runner = new TfjsProgramRunner(backend, program, state);
    await backend.settle(Promise.resolve());
    return runner;
  }

  /** Reads the results once, after the last step: on a GPU each reading waits for all that was queued before. */
  async steps(inputs: readonly TensorMap[]): Promise<ProgramStep[]> {
    const results = inputs.map((tensors) => this.#queueStep(tensors));
    try {
      const [losses, logits] = await this.#backend.settle(Promise.all([LOSS, LOGITS].map((name) => {
        return Promise.all(results.map((result) => entryOf(result, name, "an output of the step").data<"float32">()));
      })));
      return inputs.map((_, k) => ({ loss: losses[k][0], logits: logits[k] }));
    } finally {
      for (const result of results) tf.dispose([...result.values()]);
    }
  }

  async evaluate(inputs: TensorMap): Promise<Tensor> {
    const uploaded = this.#upload(inputs);
    const outputs = this.#evaluate.run(new Map([...this.#state, ...uploaded]));
    tf.dispose([...uploaded.values()]);
    return await this.#download(entryOf(outputs, LOGITS, "an output of the evaluation")).finally(() =>
      tf.dispose([...outputs.values()])
    );
  }

  async state(): Promise<TensorMap> {
    const tensors = await Promise.all(
      [...this.#state].map(async ([name, tensor]) => [name, await this.#download(tensor)] as const),
    );
    return new Map(tensors);
  }

  close(): Promise<void> {
    this.#step.close();
    this.#evaluate.close();
    tf.dispose([...this.#state.values()]);
    this.#state.clear();
    return Promise.resolve();
  }

  /** Queues a step, puts what the state becomes in its place, and gives loss and logits back. */
  #queueStep(inputs: TensorMap): Map<string, tf.Tensor> {
    const uploaded = this.#upload(inputs);
    const outputs = this.#step.run(new Map([...this.#state, ...uploaded]));
    tf.dispose([...uploaded.values()]);
    for (const name of this.#changing) {
      this.#state.get(name)?.dispose();
      this.#state.set(name, entryOf(outputs, name, "an output of the step"));
      outputs.delete(name);
    }
    return outputs;
  }

  /** Copies, because tfjs goes on reading what it is given. */
  #upload(tensors: TensorMap): Map<string, tf.Tensor> {
    return new Map([...tensors].map(([name, { shape, data }]) => {
      return [name, this.#backend.compute(name, () => tf.tensor(data.slice(), [...shape]))];
    }));
  }

  async #download(tensor: tf.Tensor): Promise<Tensor> {
    const data = await this.#backend.settle(tensor.data<"float32">());
    return { shape: tensor.shape, data: data.slice() };
  }
}
