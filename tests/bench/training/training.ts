import { z } from "zod";
import { chooseEngine } from "../../../model/engines/choose.ts";
import type { EngineName } from "../../../model/engines/engine.ts";
import { findGpuAdapter, type GpuAdapter } from "../../../model/engines/gpu/gpu_adapter.ts";
import { createTfjsTrainer } from "../../../model/engines/tfjs/tfjs_trainer.ts";
import { openWebgpuBackend } from "../../../model/engines/tfjs/webgpu_backend.ts";
import type { TensorMap } from "../../../model/tensor.ts";
import type { Trainer, TrainerSpec } from "../../../model/training/trainer.ts";
import { RECIPES } from "../../../pipeline/settings/recipes.ts";
import type { ContestantName } from "../options.ts";
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

/** A trainer, and who trains. */
export interface OpenTrainer {
  readonly name: string;
  readonly trainer: Trainer;
  close(): Promise<void>;
}

/** One way to train. */
export interface TrainerOpener {
  /** For a row that fails before there is a trainer. */
  readonly name: string;
  open(parts: Pick<TrainerSpec, "head" | "tuned">, state: TensorMap): Promise<OpenTrainer>;
}

/** The engine that a run would take here. */
export const OWN_TRAINER: TrainerOpener = engineTrainer("auto");

/**
 * What else trains: the project's kernels for WebGPU where a run would take another engine, if they are named, and tfjs
 * on WebGPU, if it is named or the adapter is hardware.
 */
export async function peerTrainers(named: ReadonlySet<ContestantName> | undefined): Promise<TrainerOpener[]> {
  const gpu = await findGpuAdapter();
  if (gpu === undefined) return [];
  const isAsked = named ? named.has("tfjs-webgpu") : !gpu.isSoftware;
  return [
    ...gpu.isSoftware && named?.has("webgpu") ? [engineTrainer("webgpu")] : [],
    ...isAsked ? [tfjsTrainer(gpu)] : [],
  ];
}

function engineTrainer(name: "auto" | EngineName): TrainerOpener {
  return {
    name,
    async open(parts, state) {
      const { engine } = await chooseEngine(name);
      const trainer = await engine.train(specOf(parts), state);
      return {
        name: engine.name,
        trainer,
        async close() {
          await trainer.close();
          await engine.close();
        },
      };
    },
  };
}

function tfjsTrainer(found: GpuAdapter): TrainerOpener {
  const name = "tfjs-webgpu";
  return {
    name,
    async open(parts, state) {
      const backend = await openWebgpuBackend(found);
      const trainer = await createTfjsTrainer(backend, specOf(parts), state);
      return {
        name,
        trainer,
        async close() {
          await trainer.close();
          backend.close();
        },
      };
    },
  };
}

function specOf(parts: Pick<TrainerSpec, "head" | "tuned">): TrainerSpec {
  return { ...parts, momentum: RECIPES.writeup.momentum, batchSize: TRAINED_BATCH };
}
