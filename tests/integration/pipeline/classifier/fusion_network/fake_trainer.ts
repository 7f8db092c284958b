import { entryOf } from "../../../../../data/base/entry_of.ts";
import { randomFrom } from "../../../../../data/random.ts";
import { type Tensor, tensor, type TensorMap } from "../../../../../model/tensor.ts";
import type { LearningRates, StepResult, Trainer, TrainingBatch } from "../../../../../model/training/trainer.ts";

/** Weights that a fake trainer starts from. */
export function initialWeights(): TensorMap {
  return new Map([["head.0.weight", tensor([1, 2], Float32Array.of(0.25, -0.5))]]);
}

/**
 * A trainer in a few lines: logistic regression on two features, with momentum, in single precision. It is real enough
 * to depend on the order of photos, on the rates, on its momentum and on nothing else, as fitting expects.
 */
export class FakeTrainer implements Trainer {
  readonly #weights: Float32Array;
  readonly #momentum: Float32Array;
  closed = false;
  /** What was asked of it. */
  readonly rates: LearningRates[] = [];
  readonly batchSizes: number[] = [];

  constructor(state: TensorMap) {
    this.#weights = Float32Array.from(entryOf(state, "head.0.weight", "a tensor").data);
    this.#momentum = Float32Array.from(state.get("momentum.head.0.weight")?.data ?? [0, 0]);
  }

  step(batches: readonly TrainingBatch[], rates: LearningRates): Promise<StepResult[]> {
    this.rates.push(rates);
    return Promise.resolve(batches.map(({ inputs: [features], labels }) => this.#step(features, labels, rates.head)));
  }

  #step({ data }: Tensor, labels: Uint8Array, rate: number): StepResult {
    this.batchSizes.push(labels.length);
    const gradient = [0, 0];
    let loss = 0;
    let correct = 0;
    labels.forEach((label, k) => {
      const pDog = 1 / (1 + Math.exp(-this.#logit(data, k)));
      loss -= Math.log(label === 1 ? pDog : 1 - pDog) / labels.length;
      if ((pDog > 0.5) === (label === 1)) correct++;
      for (const j of [0, 1]) gradient[j] += (pDog - label) * data[2 * k + j] / labels.length;
    });
    for (const j of [0, 1]) {
      this.#momentum[j] = 0.9 * this.#momentum[j] + gradient[j];
      this.#weights[j] -= rate * this.#momentum[j];
    }
    return { loss, correct };
  }

  evaluate([{ shape, data }]: readonly Tensor[]): Promise<Tensor> {
    const logits = new Float32Array(2 * shape[0]);
    for (let k = 0; k < shape[0]; k++) logits[2 * k + 1] = this.#logit(data, k);
    return Promise.resolve(tensor([shape[0], 2], logits));
  }

  #logit(data: Float32Array, k: number): number {
    return this.#weights[0] * data[2 * k] + this.#weights[1] * data[2 * k + 1];
  }

  state(): Promise<TensorMap> {
    return Promise.resolve(
      new Map([
        ["head.0.weight", tensor([1, 2], this.#weights.slice())],
        ["momentum.head.0.weight", tensor([1, 2], this.#momentum.slice())],
      ]),
    );
  }

  close(): Promise<void> {
    this.closed = true;
    return Promise.resolve();
  }
}

/** The two features of a photo, which the id alone decides; dogs lie higher on the first one. */
export function featuresOf(ids: readonly string[]): Promise<Tensor[]> {
  const data = Float32Array.from(ids.flatMap((id) => {
    const random = randomFrom(0, id);
    return [(id.startsWith("dog") ? 0.5 : -0.5) + random() - 0.5, random() - 0.5];
  }));
  return Promise.resolve([tensor([ids.length, 2], data)]);
}
