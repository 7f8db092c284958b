import { entryOf } from "../../../../data/base/entry_of.ts";
import { assertEquals } from "@std/assert";
import { MOMENTUM } from "../../../../model/training/training_state.ts";
import type { Tensor } from "../../../../model/tensor.ts";
import type { Engine } from "../../../../model/engines/engine.ts";
import type { TrainerSpec, TrainingBatch } from "../../../../model/training/trainer.ts";
import { assertClose, goldenFile } from "./golden_files.ts";

/** Starts a trainer: an engine's `train`. */
export type StartTrainer = Engine["train"];

/** Trains the head of PyTorch's six steps and compares whatever a step can get wrong. */
export async function checkGoldenHead(start: StartTrainer, tolerance: number): Promise<void> {
  const golden = await goldenFile("training/head");
  const { batches, labels } = batchesOf(golden.tensor("batches"), golden.array("labels").data);
  const spec: TrainerSpec = { head: { features: 64, hidden: [32, 16, 8] }, tuned: [], momentum: 0.91, batchSize: 16 };
  const rates = { head: 0.05, tuned: 0 };
  const trainer = await start(spec, tensorsUnder(golden, "initial."));
  try {
    const [first, ...others] = batches.map((input, k): TrainingBatch => ({ inputs: [input], labels: labels[k] }));
    const firstResults = await trainer.step([first], rates);
    const afterFirst = await trainer.state();
    for (const [name, gradient] of tensorsUnder(golden, "gradient.")) {
      assertClose(
        entryOf(afterFirst, `${MOMENTUM}${name}`, "a tensor").data,
        gradient.data,
        tolerance,
        `gradient of ${name}`,
      );
    }
    const results = [...firstResults, ...await trainer.step(others, rates)];
    assertClose(results.map(({ loss }) => loss), golden.tensor("losses").data, tolerance, "losses");
    const final = await trainer.state();
    for (const [name, value] of tensorsUnder(golden, "final.")) {
      assertEquals(final.get(name)?.shape, value.shape, name);
      assertClose(entryOf(final, name, "a tensor").data, value.data, tolerance, `final ${name}`);
    }
    const logits = await trainer.evaluate([batches[0]]);
    assertEquals(logits.shape, [16, 2]);
    assertClose(logits.data, golden.tensor("eval.logits").data, tolerance, "evaluation logits");
  } finally {
    await trainer.close();
  }
}

type GoldenFile = Awaited<ReturnType<typeof goldenFile>>;

/** The real tensors whose names start with a prefix, under the head's names in a state. */
function tensorsUnder(golden: GoldenFile, prefix: string): Map<string, Tensor> {
  const names = [...golden.entries.keys()].filter((name) => name.startsWith(prefix) && !name.includes("num_batches"));
  return new Map(names.map((name) => [`head.${name.slice(prefix.length)}`, golden.tensor(name)]));
}

/** Splits `[steps, batch, features]` and `[steps, batch]` into batches. */
function batchesOf({ shape: [steps, batch, features], data }: Tensor, labels: ArrayLike<number | bigint>) {
  const range = Array.from({ length: steps }, (_, step) => step);
  return {
    batches: range.map((step): Tensor => ({
      shape: [batch, features],
      data: data.slice(step * batch * features, (step + 1) * batch * features),
    })),
    labels: range.map((step) => Uint8Array.from({ length: batch }, (_, k) => Number(labels[step * batch + k]))),
  };
}
