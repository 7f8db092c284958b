import { assertEquals } from "@std/assert";
import { entryOf } from "../../../../data/base/entry_of.ts";
import { randomFrom } from "../../../../data/random.ts";
import { initialHead } from "../../../../model/networks/fused/head.ts";
import { sizeOf, type Tensor, type TensorMap } from "../../../../model/tensor.ts";
import type { TrainerSpec, TrainingBatch } from "../../../../model/training/trainer.ts";
import { trainingProgram } from "../../../../model/training/training_program.ts";
import { completeState, fromGraph, stateTensors, toGraph } from "../../../../model/training/training_state.ts";
import { interpretAll } from "../../../unit/model/autograd/reference_interpreter.ts";
import { awkwardNetwork, wave, weightsFor } from "../engines/awkward_network.ts";
import { assertClose } from "./golden_files.ts";
import type { StartTrainer } from "./golden_head.ts";

const PART = { prefix: "part", network: awkwardNetwork() };
const FUSED: TrainerSpec = { head: { features: 7, hidden: [3] }, tuned: [PART], momentum: 0.9, batchSize: 3 };
/** A head without hidden layers. */
export const HEAD: TrainerSpec = { head: { features: 6, hidden: [] }, tuned: [], momentum: 0.9, batchSize: 4 };
export const RATES = { head: 0.05, tuned: 0.01 };

/** What a training starts from. */
export function stateFor({ head, tuned }: TrainerSpec): Map<string, Tensor> {
  const state = new Map(initialHead(head, randomFrom(1, "head")));
  for (const { prefix, network } of tuned) {
    for (const [name, weight] of weightsFor(network)) state.set(`${prefix}.${name}`, weight);
  }
  return state;
}

/** A batch of made-up photos; another offset gives others. */
export function batchFor({ head, tuned, batchSize }: TrainerSpec, offset = 0): TrainingBatch {
  const shapes = tuned.length === 0
    ? [[batchSize, head.features]]
    : tuned.map(({ network: { inputShape: { channels, height, width } } }) => [batchSize, channels, height, width]);
  return {
    inputs: shapes.map((shape) => ({
      shape,
      data: Float32Array.from({ length: sizeOf(shape) }, (_, k) => wave(k + offset)),
    })),
    labels: Uint8Array.from({ length: batchSize }, (_, k) => k % 2),
  };
}

/** What a step makes of the state by the definition of each operation, in double precision. */
function steppedPlainly(spec: TrainerSpec, state: TensorMap, { inputs, labels }: TrainingBatch): TensorMap {
  const given = new Map([...completeState(spec, state)].map(([name, tensor]) => [name, toGraph(tensor)]));
  for (const [k, input] of inputs.entries()) given.set(`input.${k}`, input);
  const targets = Float32Array.from([...labels].flatMap((label) => [1 - label, label]));
  given.set("targets", { shape: [spec.batchSize, 2], data: targets });
  given.set("rate.head", { shape: [], data: Float32Array.of(RATES.head) });
  given.set("rate.tuned", { shape: [], data: Float32Array.of(RATES.tuned) });
  const numbers = new Map(
    [...given].map(([name, { shape, data }]) => [name, { shape, data: Float64Array.from(data) }]),
  );
  const next = interpretAll(trainingProgram(spec).step.nextState, numbers);
  const shapes = new Map(stateTensors(spec).map(({ name, shape }) => [name, shape]));
  return new Map([...next].map(([name, { data }]) => {
    return [name, fromGraph(Float32Array.from(data), entryOf(shapes, name.replace("momentum.", ""), "a shape"))];
  }));
}

/** One step with every kind of row: what it starts from. */
export function plainStep(): { spec: TrainerSpec; state: TensorMap; batch: TrainingBatch } {
  return { spec: FUSED, state: stateFor(FUSED), batch: batchFor(FUSED) };
}

/** Compares the state after that step, at `RATES`, with what its program means. */
export function assertPlainStep(stepped: TensorMap, tolerance: number): void {
  const { spec, state, batch } = plainStep();
  for (const [name, { shape, data }] of steppedPlainly(spec, state, batch)) {
    assertEquals(stepped.get(name)?.shape, shape, name);
    assertClose(entryOf(stepped, name, "a tensor").data, data, tolerance, name);
  }
}

/** Takes that step, and compares. */
export async function checkPlainStep(start: StartTrainer, tolerance: number): Promise<void> {
  const { spec, state, batch } = plainStep();
  const trainer = await start(spec, state);
  try {
    await trainer.step([batch], RATES);
    assertPlainStep(await trainer.state(), tolerance);
  } finally {
    await trainer.close();
  }
}
