import { z } from "zod";
import { chooseEngine } from "../../../model/engines/choose.ts";
import type { TensorMap } from "../../../model/tensor.ts";
import type { Trainer, TrainerSpec } from "../../../model/training/trainer.ts";
import { RECIPES } from "../../../pipeline/settings/recipes.ts";
import { relativeError } from "../../integration/model/training/golden_files.ts";

/** Photos a training step: the batch of the write-up's program as it is measured. */
export const TRAINED_BATCH = 16;
/** Rates of the steps that are compared: the recipe's would hardly move the loss in so few. */
export const TRAINED_RATES = { head: 0.01, tuned: 0.001 } as const;
/** Losses of several steps drift apart with the rounding of each. */
export const TRAINING_TOLERANCE = 1e-2;

/**
 * How far losses are from those of another trainer: the first one itself, which shows what the forward pass computes,
 * and what the later ones changed by since, which shows the gradients and the update.
 */
export function lossError(losses: readonly number[], expected: readonly number[]): number {
  const changes = (all: readonly number[]) => all.slice(1).map((loss) => loss - all[0]);
  const errors = [
    relativeError(losses.slice(0, 1), expected.slice(0, 1)),
    relativeError(changes(losses), changes(expected)),
  ];
  return errors.some(Number.isNaN) ? NaN : Math.max(...errors);
}

/** What PyTorch answers of training: milliseconds and losses, each before its step. */
export const Training = z.object({
  ms: z.union([z.number().transform((ms) => [ms]), z.array(z.number())]),
  losses: z.array(z.number()),
});

/** A trainer on the engine that a run would take here. */
export async function openTrainer(
  parts: Pick<TrainerSpec, "head" | "tuned">,
  state: TensorMap,
): Promise<{ name: string; trainer: Trainer; close(): Promise<void> }> {
  const { engine } = await chooseEngine("auto");
  const trainer = await engine.train({ ...parts, momentum: RECIPES.writeup.momentum, batchSize: TRAINED_BATCH }, state);
  return {
    name: engine.name,
    trainer,
    async close() {
      await trainer.close();
      await engine.close();
    },
  };
}
