import { entryOf } from "../../data/base/entry_of.ts";
import { type Tensor, tensor, type TensorMap } from "../tensor.ts";
import type { ProgramRunner, ProgramStep } from "./program_runner.ts";
import type { LearningRates, StepResult, Trainer, TrainerSpec, TrainingBatch } from "./trainer.ts";
import { batchInputName, rateName, TARGETS, type TrainingProgram, trainingProgram } from "./training_program.ts";
import { completeState, fromGraph, toGraph } from "./training_state.ts";

/**
 * A trainer whose arithmetic is a training program, on whatever runs the program.
 * @param state see `Trainer.state`; missing momentum is zero.
 * @param start puts the state where the program will run.
 * @throws RangeError when the state does not fit.
 */
export async function createProgramTrainer(
  spec: TrainerSpec,
  state: TensorMap,
  start: (program: TrainingProgram, state: TensorMap) => Promise<ProgramRunner>,
): Promise<Trainer> {
  const complete = completeState(spec, state);
  const shapes = new Map([...complete].map(([name, { shape }]) => [name, shape]));
  const inGraph = new Map([...complete].map(([name, tensor]) => [name, toGraph(tensor)]));
  return new ProgramTrainer(spec, shapes, await start(trainingProgram(spec), inGraph));
}

class ProgramTrainer implements Trainer {
  readonly #spec: TrainerSpec;
  /** PyTorch's shapes of the state's tensors. */
  readonly #shapes: ReadonlyMap<string, readonly number[]>;
  readonly #runner: ProgramRunner;

  constructor(spec: TrainerSpec, shapes: ReadonlyMap<string, readonly number[]>, runner: ProgramRunner) {
    this.#spec = spec;
    this.#shapes = shapes;
    this.#runner = runner;
  }

  async step(batches: readonly TrainingBatch[], rates: LearningRates): Promise<StepResult[]> {
    const results = await this.#runner.steps(batches.map((batch) => this.#stepInputs(batch, rates)));
    return results.map((result, k) => stepResult(result, batches[k].labels));
  }

  async evaluate(inputs: readonly Tensor[]): Promise<Tensor> {
    const photos = this.#photosOf(inputs);
    const { batchSize } = this.#spec;
    const logits = new Float32Array(2 * photos);
    for (let start = 0; start < photos; start += batchSize) {
      const count = Math.min(batchSize, photos - start);
      const chunk = new Map(inputs.map((input, k) => [batchInputName(k), paddedPart(input, start, count, batchSize)]));
      const { data } = await this.#runner.evaluate(chunk);
      logits.set(data.subarray(0, 2 * count), 2 * start);
    }
    return tensor([photos, 2], logits);
  }

  async state(): Promise<TensorMap> {
    const held = await this.#runner.state();
    return new Map([...this.#shapes].map(([name, shape]) => {
      return [name, fromGraph(entryOf(held, name, "a tensor of the state").data, shape)];
    }));
  }

  close(): Promise<void> {
    return this.#runner.close();
  }

  #stepInputs({ inputs, labels }: TrainingBatch, rates: LearningRates): TensorMap {
    const { batchSize } = this.#spec;
    const photos = this.#photosOf(inputs);
    if (photos !== batchSize || labels.length !== batchSize) {
      throw new RangeError(
        `Cannot step: expected ${batchSize} photos and labels, got ${photos} photos and ${labels.length} labels`,
      );
    }
    const targets = Float32Array.from({ length: 2 * batchSize }, (_, k) => (labels[k >> 1] === (k & 1) ? 1 : 0));
    return new Map([
      ...inputs.map((input, k) => [batchInputName(k), input] as const),
      [TARGETS, tensor([batchSize, 2], targets)],
      [rateName("head"), tensor([], Float32Array.of(rates.head))],
      [rateName("tuned"), tensor([], Float32Array.of(rates.tuned))],
    ]);
  }

  /** @throws RangeError when the inputs are not one batch a part, all of the same photos. */
  #photosOf(inputs: readonly Tensor[]): number {
    const { head, tuned } = this.#spec;
    const shapes = tuned.length === 0 ? [[head.features]] : tuned.map(({ network: { inputShape } }) => {
      return [inputShape.channels, inputShape.height, inputShape.width];
    });
    const [photos] = inputs[0]?.shape ?? [0];
    const expected = shapes.map((shape) => [photos, ...shape].join());
    const got = inputs.map(({ shape }) => shape.join());
    if (!(photos >= 1) || expected.join(";") !== got.join(";")) {
      const wanted = shapes.map((shape) => `[photos, ${shape.join(", ")}]`).join(" and ");
      throw new RangeError(`Cannot train or evaluate: expected ${wanted}, got [${got.join("] and [")}]`);
    }
    return photos;
  }
}

/** Counts the photos whose larger logit is their label's. */
function stepResult({ loss, logits }: ProgramStep, labels: Uint8Array): StepResult {
  const correct = labels.reduce((count, label, photo) => {
    const isDog = logits[2 * photo + 1] > logits[2 * photo];
    return count + Number(isDog === (label === 1));
  }, 0);
  return { loss, correct };
}

/** `count` photos from `start` on, and zeros up to a whole batch. */
function paddedPart({ shape, data }: Tensor, start: number, count: number, batchSize: number): Tensor {
  const size = data.length / shape[0];
  const part = new Float32Array(batchSize * size);
  part.set(data.subarray(start * size, (start + count) * size));
  return tensor(shape.with(0, batchSize), part);
}
